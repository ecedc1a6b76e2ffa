import { createDecipheriv, createHash, createHmac, pbkdf2Sync, timingSafeEqual } from 'node:crypto';
import { type Asn1, malformed, PfxError, toInteger, toOctets, toOid, toValues } from './asn1.ts';

/**
 * An empty password, as the two readings of RFC 7292 appendix B.1 have it: the closing zero of a
 * BMPString, or nothing. OpenSSL writes the first, .NET either.
 */
const EMPTY_PASSWORDS = [Buffer.from([0, 0]), Buffer.alloc(0)];

/** Far more than anybody writes; the computing stops everything else meanwhile. */
const MAX_ITERATIONS = 1_000_000;

/** How keys are made from a password (RFC 7292 appendix B.2): what the key is for. */
const PURPOSE = { key: 1, iv: 2, mac: 3 } as const;

const HASHES: Readonly<Record<string, string>> = {
  '1.3.14.3.2.26': 'sha1',
  '2.16.840.1.101.3.4.2.1': 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
};

const HMACS: Readonly<Record<string, string>> = {
  '1.2.840.113549.2.7': 'sha1',
  '1.2.840.113549.2.9': 'sha256',
  '1.2.840.113549.2.10': 'sha384',
  '1.2.840.113549.2.11': 'sha512',
};

const CIPHERS: Readonly<Record<string, { readonly name: string; readonly keyBytes: number }>> = {
  '2.16.840.1.101.3.4.1.2': { name: 'aes-128-cbc', keyBytes: 16 },
  '2.16.840.1.101.3.4.1.22': { name: 'aes-192-cbc', keyBytes: 24 },
  '2.16.840.1.101.3.4.1.42': { name: 'aes-256-cbc', keyBytes: 32 },
};

const PBES2 = '1.2.840.113549.1.5.13';
const PBKDF2 = '1.2.840.113549.1.5.12';
const PBE_SHA1_3DES = '1.2.840.113549.1.12.1.3';

/**
 * The empty password in the reading whose MAC is right (MacData, RFC 7292 section 4); throws when
 * none is.
 */
export function findPassword(macData: Asn1, content: Uint8Array): Buffer {
  const [digestInfo, salt, iterations] = toValues(macData);
  const [algorithm, digest] = toValues(digestInfo);
  const hash = HASHES[toOid(toValues(algorithm)[0])];
  if (hash === undefined) throw notSupported();
  const expected = toOctets(digest);
  // Each further block would take all iterations once more.
  if (expected.length !== createHash(hash).digest().length) throw malformed();
  // DER leaves out the default of one iteration.
  const stretch = { hash, salt: toOctets(salt), iterations: iterations ? toCount(iterations) : 1 };
  const found = EMPTY_PASSWORDS.find((password) => {
    const key = deriveKey({ ...stretch, password }, PURPOSE.mac, expected.length);
    const mac = createHmac(hash, key).update(content).digest();
    return timingSafeEqual(mac, expected);
  });
  if (found) return found;
  throw new PfxError('needs_password');
}

/**
 * Decrypts under the algorithm that an AlgorithmIdentifier names; throws on one that is not
 * supported.
 */
export function decrypt(algorithm: Asn1, encrypted: Uint8Array, password: Buffer): Buffer {
  const [oid, parameters] = toValues(algorithm);
  switch (toOid(oid)) {
    case PBES2:
      return decryptPbes2(parameters, encrypted);
    case PBE_SHA1_3DES:
      return decryptTripleDes(parameters, encrypted, password);
    default:
      throw notSupported();
  }
}

/** RFC 8018 section 6.2; the empty password is no bytes here. */
function decryptPbes2(parameters: Asn1, encrypted: Uint8Array): Buffer {
  const [derivation, scheme] = toValues(parameters);
  const [derivationOid, derivationParameters] = toValues(derivation);
  const [schemeOid, iv] = toValues(scheme);
  const cipher = CIPHERS[toOid(schemeOid)];
  if (toOid(derivationOid) !== PBKDF2 || cipher === undefined) throw notSupported();
  const [salt, iterations, ...rest] = toValues(derivationParameters);
  // Between them stands an optional key length, which the cipher says too.
  const prf = rest.find((value) => 'value' in value.valueBlock);
  const hash = prf ? HMACS[toOid(toValues(prf)[0])] : 'sha1';
  if (hash === undefined) throw notSupported();
  const key = pbkdf2Sync('', toOctets(salt), toCount(iterations), cipher.keyBytes, hash);
  return decipher(cipher.name, { key, iv: toOctets(iv) }, encrypted);
}

/**
 * RFC 7292 appendix C, `pbeWithSHAAnd3-KeyTripleDES-CBC`: what Windows and Key Vault wrote for many
 * years.
 */
function decryptTripleDes(parameters: Asn1, encrypted: Uint8Array, password: Buffer): Buffer {
  const [salt, iterations] = toValues(parameters);
  const stretch = {
    hash: 'sha1',
    salt: toOctets(salt),
    iterations: toCount(iterations),
    password,
  };
  const key = deriveKey(stretch, PURPOSE.key, 24);
  const iv = deriveKey(stretch, PURPOSE.iv, 8);
  return decipher('des-ede3-cbc', { key, iv }, encrypted);
}

function decipher(
  name: string,
  { key, iv }: { key: Buffer; iv: Uint8Array },
  encrypted: Uint8Array,
): Buffer {
  const cipher = createDecipheriv(name, key, iv);
  return Buffer.concat([cipher.update(encrypted), cipher.final()]);
}

interface Stretch {
  readonly hash: string;
  readonly password: Buffer;
  readonly salt: Uint8Array;
  readonly iterations: number;
}

/** RFC 7292 appendix B.2. */
function deriveKey(stretch: Stretch, purpose: number, size: number): Buffer {
  const { hash, password, salt, iterations } = stretch;
  const block = hash === 'sha384' || hash === 'sha512' ? 128 : 64;
  const diversifier = Buffer.alloc(block, purpose);
  let input: Buffer = Buffer.concat([fillBlocks(salt, block), fillBlocks(password, block)]);
  const blocks: Buffer[] = [];
  for (let made = 0; made < size; ) {
    let digest: Buffer = Buffer.concat([diversifier, input]);
    for (let i = 0; i < iterations; i += 1) digest = createHash(hash).update(digest).digest();
    blocks.push(digest);
    made += digest.length;
    input = addToBlocks(input, fillBlocks(digest, block).subarray(0, block));
  }
  return Buffer.concat(blocks).subarray(0, size);
}

/** Repeats bytes until they fill whole blocks; no bytes fill none. */
function fillBlocks(bytes: Uint8Array, block: number): Buffer {
  const size = block * Math.ceil(bytes.length / block);
  return size === 0 ? Buffer.alloc(0) : Buffer.alloc(size, bytes);
}

/** Adds a number and one to each block, all of them big-endian and without carry beyond. */
function addToBlocks(input: Buffer, addend: Buffer): Buffer {
  const sum = Buffer.from(input);
  for (let start = 0; start < sum.length; start += addend.length) {
    let carry = 1;
    for (let i = addend.length - 1; i >= 0; i -= 1) {
      carry += (sum[start + i] ?? 0) + (addend[i] ?? 0);
      sum[start + i] = carry;
      carry >>= 8;
    }
  }
  return sum;
}

function toCount(iterations: Asn1): number {
  const count = toInteger(iterations);
  if (count >= 1 && count <= MAX_ITERATIONS) return count;
  throw malformed();
}

function notSupported(): PfxError {
  return new PfxError('algorithm_not_supported');
}
