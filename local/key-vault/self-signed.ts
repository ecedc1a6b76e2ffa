import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';

/** What the certificate says; times in epoch milliseconds. */
interface SelfSignedOptions {
  readonly commonName: string;
  readonly notBefore: number;
  readonly notAfter: number;
  /** An RSA key by default. */
  readonly privateKey?: KeyObject;
  readonly publicKey?: KeyObject;
}

/** A private key and its certificate, both in PEM. */
export interface SelfSigned {
  readonly keyPem: string;
  readonly certificatePem: string;
  /** As Key Vault gives a certificate of content type application/x-pem-file. */
  readonly pem: string;
}

const SEQUENCE = 0x30;
const SHA256_WITH_RSA = der(SEQUENCE, oid('2a864886f70d01010b'), Buffer.from([0x05, 0]));
const COMMON_NAME = oid('550403');

/**
 * Makes a self-signed X.509 certificate (RFC 5280 section 4.1), as Key Vault does with the issuer
 * `Self`.
 */
export function createSelfSigned(options: SelfSignedOptions): SelfSigned {
  const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const { privateKey = pair.privateKey, publicKey = pair.publicKey } = options;
  const signer = options.privateKey?.asymmetricKeyType === 'rsa' ? privateKey : pair.privateKey;
  const name = toName(options.commonName);
  const body = der(
    SEQUENCE,
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.concat([Buffer.from([1]), randomBytes(15)])),
    SHA256_WITH_RSA,
    name,
    der(SEQUENCE, toTime(options.notBefore), toTime(options.notAfter)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
  );
  const signature = der(0x03, Buffer.from([0]), sign('sha256', body, signer));
  const certificatePem = toPem('CERTIFICATE', der(SEQUENCE, body, SHA256_WITH_RSA, signature));
  const keyPem = String(privateKey.export({ type: 'pkcs8', format: 'pem' }));
  return { keyPem, certificatePem, pem: `${keyPem}${certificatePem}` };
}

function toName(commonName: string): Buffer {
  const value = der(0x0c, Buffer.from(commonName));
  return der(SEQUENCE, der(0x31, der(SEQUENCE, COMMON_NAME, value)));
}

/** UTCTime, which RFC 5280 wants until 2049. */
function toTime(time: number): Buffer {
  const digits = new Date(time).toISOString().replace(/[-:T]|\.\d+/g, '');
  return der(0x17, Buffer.from(digits.slice(2)));
}

function oid(hex: string): Buffer {
  return der(0x06, Buffer.from(hex, 'hex'));
}

/** Tag, length and content (X.690 section 8.1). */
function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([tag]), toLength(content.length), content]);
}

function toLength(length: number): Buffer {
  if (length < 0x80) return Buffer.from([length]);
  const bytes = Buffer.from(length.toString(16).padStart(4, '0'), 'hex');
  return length < 0x100 ? Buffer.from([0x81, length]) : Buffer.concat([Buffer.from([0x82]), bytes]);
}

function toPem(label: string, content: Buffer): string {
  const lines = content.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}
