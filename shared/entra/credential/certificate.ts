import {
  createHash,
  createPrivateKey,
  type KeyObject,
  randomUUID,
  X509Certificate,
} from 'node:crypto';
import { SignJWT } from 'jose';
import { toAssertionProof } from './client-credential.ts';
import { type ToCredentialVersion, UnusableVersion } from './versions.ts';

/** Entra takes any length; a stolen assertion should not live long. Seconds. */
const ASSERTION_LIFE = 5 * 60;

/** Entra registers nothing shorter. */
const LEAST_BITS = 2048;

const PEM_CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/**
 * A Key Vault certificate, read as the secret of its name, as `private_key_jwt` ("Microsoft identity platform application
 * authentication certificate credentials"): PS256, `x5t#S256`, for one tenant's endpoint only.
 */
export function createToCertificateVersion({
  clientId,
  now,
}: {
  clientId: string;
  now: () => number;
}): ToCredentialVersion {
  return (info, { value, contentType }) => {
    const key = readKey(value, contentType);
    const certificate = findCertificate(value, key);
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
    .setExpirationTime(issuedAt + ASSERTION_LIFE)
    .sign(key);
}

/** Node reads PEM keys; of a PKCS #12 container it shows nobody the key. */
function readKey(value: string, contentType: string | undefined): KeyObject {
  if (contentType === 'application/x-pkcs12' || !value.includes('-----BEGIN ')) {
    throw new UnusableVersion('The certificate is stored as PFX: store it as PEM.');
  }
  if (!value.includes('PRIVATE KEY-----')) {
    throw new UnusableVersion(
      'The certificate comes without its private key: make the key exportable, or store key and certificate as PEM.',
    );
  }
  const key = parseOrThrow(() => createPrivateKey(value), 'The private key of the certificate');
  const { modulusLength = 0 } = key.asymmetricKeyDetails ?? {};
  if (key.asymmetricKeyType === 'rsa' && modulusLength >= LEAST_BITS) return key;
  throw new UnusableVersion(
    `The key of the certificate is of the wrong type: make one with RSA of ${LEAST_BITS} bits or more.`,
  );
}

/** Of a chain, the one that the key belongs to. */
function findCertificate(value: string, key: KeyObject): X509Certificate {
  const certificates = (value.match(PEM_CERTIFICATE) ?? []).map((pem) =>
    parseOrThrow(() => new X509Certificate(pem), 'The certificate'),
  );
  const own = certificates.find((certificate) => certificate.checkPrivateKey(key));
  if (own) return own;
  throw new UnusableVersion('No certificate belongs to the private key: store both as one PEM.');
}

/** The parser's own words may quote what it was given. */
function parseOrThrow<T>(parse: () => T, what: string): T {
  try {
    return parse();
  } catch {
    throw new UnusableVersion(`${what} can not be read: store it as unencrypted PEM.`);
  }
}
