import { createPrivateKey, KeyObject, X509Certificate } from 'node:crypto';
import {
  type Asn1,
  malformed,
  PfxError,
  type PfxProblem,
  parseBer,
  toBytes,
  toInteger,
  toOctets,
  toOid,
  toTagged,
  toTaggedOctets,
  toValues,
} from './asn1.ts';
import { decrypt, findPassword } from './password-based.ts';

/** What a container holds; of more than one key, the first. */
export interface PfxContent {
  /** `undefined`: there are certificates only. */
  readonly key: KeyObject | undefined;
  readonly certificates: readonly X509Certificate[];
}

const DATA = '1.2.840.113549.1.7.1';
const ENCRYPTED_DATA = '1.2.840.113549.1.7.6';
const KEY_BAG = '1.2.840.113549.1.12.10.1.1';
const SHROUDED_KEY_BAG = '1.2.840.113549.1.12.10.1.2';
const CERTIFICATE_BAG = '1.2.840.113549.1.12.10.1.3';
const X509 = '1.2.840.113549.1.9.22.1';

const VERSION = 3;

/**
 * Reads a PKCS #12 container (RFC 7292) as Key Vault gives it: with the empty password. Answers the
 * problem of one that can't be read, and does not throw: the entry's classes are not those of this
 * chunk.
 */
export function readPfx(bytes: Uint8Array): PfxContent | PfxProblem {
  try {
    return readContent(bytes);
  } catch (error) {
    return error instanceof PfxError ? error.problem : 'malformed';
  }
}

function readContent(bytes: Uint8Array): PfxContent {
  const [version, authSafe, macData] = toValues(parseBer(bytes));
  if (toInteger(version) !== VERSION) throw malformed();
  const content = toData(authSafe);
  const password = findPassword(macData, content);
  const bags = toValues(parseBer(content))
    .flatMap((safe) => toValues(parseBer(openSafe(safe, password))))
    .map((bag) => readBag(bag, password));
  return {
    key: bags.find((bag) => bag instanceof KeyObject),
    certificates: bags.filter((bag) => bag instanceof X509Certificate),
  };
}

/** The SafeContents of one ContentInfo, decrypted where they are encrypted. */
function openSafe(contentInfo: Asn1, password: Buffer): Uint8Array {
  const [type, content] = toValues(contentInfo);
  if (toOid(type) !== ENCRYPTED_DATA) return toData(contentInfo);
  const [, encryptedContentInfo] = toValues(toTagged(content));
  const [, algorithm, encrypted] = toValues(encryptedContentInfo);
  return decrypt(algorithm, toTaggedOctets(encrypted), password);
}

/** A ContentInfo that is neither encrypted nor signed; throws on another kind. */
function toData(contentInfo: Asn1): Uint8Array {
  const [type, content] = toValues(contentInfo);
  if (toOid(type) !== DATA) throw malformed();
  return toOctets(toTagged(content));
}

/** `undefined`: it holds something else, such as a revocation list. */
function readBag(bag: Asn1, password: Buffer): KeyObject | X509Certificate | undefined {
  const [type, tagged] = toValues(bag);
  const value = toTagged(tagged);
  switch (toOid(type)) {
    case KEY_BAG:
      return toKey(toBytes(value));
    case SHROUDED_KEY_BAG: {
      const [algorithm, encrypted] = toValues(value);
      return toKey(decrypt(algorithm, toOctets(encrypted), password));
    }
    case CERTIFICATE_BAG:
      return readCertificate(value);
    default:
      return undefined;
  }
}

function readCertificate(value: Asn1): X509Certificate | undefined {
  const [type, certificate] = toValues(value);
  return toOid(type) === X509 ? new X509Certificate(toOctets(toTagged(certificate))) : undefined;
}

function toKey(pkcs8: Uint8Array): KeyObject {
  return createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' });
}
