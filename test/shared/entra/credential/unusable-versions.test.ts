import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { toPfx } from '../../../../local/key-vault/pfx.ts';
import { createSelfSigned } from '../../../../local/key-vault/self-signed.ts';
import { createToCertificateVersion } from '../../../../shared/entra/credential/certificate.ts';
import { createRotatingCredential } from '../../../../shared/entra/credential/rotating-credential.ts';
import { createMeter } from '../../../../shared/telemetry/meter.ts';
import { createClock, HOUR, MINUTE } from '../../../support/clock.ts';
import { createRecordedLog } from '../../../support/log.ts';
import { CLIENT } from '../../../support/tokens.ts';

const clock = createClock();
const LIFE = { commonName: 'broker', notBefore: 0, notAfter: clock.now() + 24 * HOUR };
const good = createSelfSigned(LIFE);
const curve = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const expired = createSelfSigned({ ...LIFE, notAfter: clock.now() });

/** A vault whose versions are the given values, the last one newest. */
function setUp(...values: readonly string[]) {
  const { now, pass } = createClock();
  const log = createRecordedLog();
  const stored = [...values];
  const list = () =>
    Promise.resolve(
      stored
        .map((_, i) => ({ version: String(i), createdAt: i, expiresAt: undefined }))
        .toReversed(),
    );
  const credential = createRotatingCredential({
    kind: 'certificate',
    versions: {
      list,
      read: (version) => Promise.resolve({ value: stored[Number(version)] ?? '' }),
    },
    toVersion: createToCertificateVersion({ clientId: CLIENT, now }),
    prove: () => Promise.resolve('accepted'),
    record: () => Promise.resolve(),
    metrics: createMeter(),
    log,
    now,
  });
  const inUse = async () => (await credential.authenticate('https://login.example')).version;
  return { stored, credential, inUse, pass, log };
}

test.each([
  ['without a key', good.certificatePem, 'without its private key: make the key exportable'],
  ['that has expired', expired.pem, 'has expired: put a new version into Key Vault'],
  ['as PFX that has expired', await toPfx(expired), 'has expired: put a new version'],
  [
    'with a key of the wrong type',
    createSelfSigned({ ...LIFE, ...curve }).pem,
    'make one with RSA',
  ],
  ['as PFX with a password', await toPfx(good, 'secret'), 'needs a password, or is damaged'],
  ['of nothing', '', 'can not be read: store it as PFX in base64'],
])('a new certificate %s is named with its remedy, and the one before goes on', async (...row) => {
  const [, value, problem] = row;
  const { stored, credential, inUse, pass, log } = setUp(good.pem);
  expect(await inUse()).toBe('0');
  stored.push(value);
  pass(5 * MINUTE);
  expect(await inUse()).toBe('0');
  expect(credential.describe().problems).toEqual([expect.stringContaining(problem)]);
  expect(log.lines).toContainEqual({
    level: 'error',
    event: 'credential.unusable',
    fields: { version: '1', problem: expect.stringContaining(problem) },
  });
});

test('a new process finds the good one behind several unusable ones', async () => {
  const { inUse, credential } = setUp(good.pem, '', '', '', 'x', 'y');
  expect(await inUse()).toBe('0');
  expect(credential.describe().problems).toHaveLength(5);
});
