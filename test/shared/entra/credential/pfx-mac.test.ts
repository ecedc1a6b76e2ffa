import { Integer, ObjectIdentifier, OctetString, Sequence } from 'asn1js';
import { expect, test } from 'vitest';
import { findPassword } from '../../../../shared/entra/credential/pfx/password-based.ts';

const SHA256 = '2.16.840.1.101.3.4.2.1';

test('a MAC of another length than its hash is malformed, and nothing is computed for it', () => {
  const algorithm = new Sequence({ value: [new ObjectIdentifier({ value: SHA256 })] });
  const digest = new OctetString({ valueHex: new Uint8Array(20_000) });
  const digestInfo = new Sequence({ value: [algorithm, digest] });
  const salt = new OctetString({ valueHex: new Uint8Array(8) });
  const macData = new Sequence({ value: [digestInfo, salt, new Integer({ value: 1 })] });

  expect(() => findPassword(macData, Buffer.from('content'))).toThrow('malformed');
});
