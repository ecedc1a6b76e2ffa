import {
  createHash,
  createPrivateKey,
  type KeyObject,
  randomUUID,
  X509Certificate,
} from 'node:crypto';
import { SignJWT } from 'jose';
import { toAssertionProof } from './client-credential.ts';
import type { PfxProblem } from './pfx/asn1.ts';
import { type ToCredentialVersion, UnusableVersion } from './versions.ts';

/** Entra takes any length; a stolen assertion should not live long. Seconds. */
const ASSERTION_LIFE_SECONDS = 5 * 60;

/** Entra registers nothing shorter. */
const MIN_KEY_BITS = 2048;

const PEM_CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/**
 * A Key Vault certificate, read as the secret of its name, as `private_key_jwt` ("Microsoft
 * identity platform application authentication certificate credentials"): PS256, `x5t#S256`, for
 * one tenant's endpoint only.
 */
export function createToCertificateVersion({
  clientId,
  now,
}: {
  clientId: string;
  now: () => number;
}): ToCredentialVersion {
  return async (info, { value }) => {
    const { key: found, certificates } = isPem(value) ? readPem(value) : await openPfx(value);
    const key = assertKey(found);
    const certificate = findCertificate(certificates, key);
    const expiresAt = certificate.validToDate.getTime();
    if (expiresAt <= now()) {
      throw new UnusableVersion('The certificate has expired: put a new version into Key Vault.');
    }
    const thumbprint = createHash('sha256').update(certificate.raw).digest('base64url');
    return {
      ...info,
      expiresAt: Math.min(expiresAt, info.expiresAt ?? expiresAt),
      present: async (tokenEndpoint) =>
        toAssertionProof(await sign({ key, thumbprint, clientId, now }, tokenEndpoint)),
    };
  };
}

interface Signer {
  readonly key: KeyObject;
  /** base64url SHA-256 of the certificate's DER (RFC 7515 section 4.1.8). */
  readonly thumbprint: string;
  readonly clientId: string;
  readonly now: () => number;
}

async function sign(
  { key, thumbprint, clientId, now }: Signer,
  tokenEndpoint: string,
): Promise<string> {
  const issuedAt = Math.floor(now() / 1000);
  return await new SignJWT({ jti: randomUUID() })
    .setProtectedHeader({ alg: 'PS256', typ: 'JWT', 'x5t#S256': thumbprint })
    .setIssuer(clientId)
    .setSubject(clientId)
    .setAudience(tokenEndpoint)
    .setIssuedAt(issuedAt)
    .setNotBefore(issuedAt)
    .setExpirationTime(issuedAt + ASSERTION_LIFE_SECONDS)
    .sign(key);
}

/** What a value holds; `undefined`: no key. */
interface KeyAndCertificates {
  readonly key: KeyObject | undefined;
  readonly certificates: readonly X509Certificate[];
}

function isPem(value: string): boolean {
  return value.includes('-----BEGIN ');
}

function readPem(value: string): KeyAndCertificates {
  try {
    return {
      key: value.includes('PRIVATE KEY-----') ? createPrivateKey(value) : undefined,
      certificates: (value.match(PEM_CERTIFICATE) ?? []).map((pem) => new X509Certificate(pem)),
    };
  } catch {
    // The parser's own words may quote what it was given.
    throw new UnusableVersion(
      'The certificate or its key can not be read: store it as unencrypted PEM.',
    );
  }
}

/** What there is to say about a PFX that can't be read. */
const PFX_PROBLEMS: Readonly<Record<PfxProblem, string>> = {
  malformed: 'The certificate can not be read: store it as PFX in base64, or as unencrypted PEM.',
  needs_password:
    'The PFX of the certificate needs a password, or is damaged: import it into Key Vault as a certificate, which takes the password away.',
  algorithm_not_supported:
    'The PFX of the certificate is protected by an algorithm that is not supported: export it with AES-256, or store it as PEM.',
};

/** PKCS #12 in base64, Key Vault's default. Its reader is loaded by the first that comes. */
async function openPfx(value: string): Promise<KeyAndCertificates> {
  const { readPfx } = await import('./pfx/read-pfx.ts');
  const read = readPfx(Buffer.from(value, 'base64'));
  if (typeof read !== 'string') return read;
  throw new UnusableVersion(PFX_PROBLEMS[read]);
}

function assertKey(key: KeyObject | undefined): KeyObject {
  if (!key) {
    throw new UnusableVersion(
      'The certificate comes without its private key: make the key exportable, or store key and certificate together.',
    );
  }
  const { modulusLength = 0 } = key.asymmetricKeyDetails ?? {};
  if (key.asymmetricKeyType === 'rsa' && modulusLength >= MIN_KEY_BITS) return key;
  throw new UnusableVersion(
    `The key of the certificate is of the wrong type: make one with RSA of ${MIN_KEY_BITS} bits or more.`,
  );
}

/** Of a chain, the one that the key belongs to. */
function findCertificate(
  certificates: readonly X509Certificate[],
  key: KeyObject,
): X509Certificate {
  const own = certificates.find((certificate) => certificate.checkPrivateKey(key));
  if (own) return own;
  throw new UnusableVersion('No certificate belongs to the private key: store both together.');
}
