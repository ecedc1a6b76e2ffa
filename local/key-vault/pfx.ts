import { X509Certificate } from 'node:crypto';
import {
  AuthenticatedSafe,
  CertBag,
  Certificate,
  PFX,
  PKCS8ShroudedKeyBag,
  PrivateKeyInfo,
  SafeBag,
  SafeContents,
} from 'pkijs';
import type { SelfSigned } from './self-signed.ts';

const SHROUDED_KEY_BAG = '1.2.840.113549.1.12.10.1.2';
const CERTIFICATE_BAG = '1.2.840.113549.1.12.10.1.3';

const ENCRYPTION = {
  contentEncryptionAlgorithm: { name: 'AES-CBC', length: 256, iv: new ArrayBuffer(0) },
  hmacHashAlgorithm: 'SHA-256',
  iterationCount: 2000,
} as const;

/**
 * Key and certificate in base64 of PKCS #12, as Key Vault gives a certificate of content type
 * application/x-pkcs12.
 */
export async function toPfx({ keyPem, certificatePem }: SelfSigned, secret = ''): Promise<string> {
  // Key Vault takes the password away; PKIjs wants one even if it is empty.
  const password = new TextEncoder().encode(secret).buffer;
  const encryption = { ...ENCRYPTION, password };
  const keyBag = new PKCS8ShroudedKeyBag({ parsedValue: PrivateKeyInfo.fromBER(toDer(keyPem)) });
  const certificate = Certificate.fromBER(new X509Certificate(certificatePem).raw);
  const certificateBag = new CertBag({ parsedValue: certificate });
  const safe = new AuthenticatedSafe({
    parsedValue: {
      safeContents: [
        { privacyMode: 0, value: toContents(SHROUDED_KEY_BAG, keyBag) },
        { privacyMode: 1, value: toContents(CERTIFICATE_BAG, certificateBag) },
      ],
    },
  });
  await keyBag.makeInternalValues(encryption);
  await safe.makeInternalValues({ safeContents: [{}, encryption] });
  const pfx = new PFX({ parsedValue: { integrityMode: 0, authenticatedSafe: safe } });
  await pfx.makeInternalValues({
    password,
    iterations: ENCRYPTION.iterationCount,
    pbkdf2HashAlgorithm: { name: 'SHA-256' },
    hmacHashAlgorithm: 'SHA-256',
  });
  return Buffer.from(pfx.toSchema().toBER()).toString('base64');
}

function toContents(bagId: string, bagValue: PKCS8ShroudedKeyBag | CertBag): SafeContents {
  return new SafeContents({ safeBags: [new SafeBag({ bagId, bagValue })] });
}

function toDer(pem: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(Buffer.from(pem.replace(/-----[^-]+-----|\s/g, ''), 'base64'));
}
