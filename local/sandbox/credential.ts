import { randomBytes } from 'node:crypto';
import type { ClientCredentialKind } from '../../shared/config.ts';
import { setSecrets, toCertificate } from '../entra/directory/applications.ts';
import { toPfx } from '../key-vault/pfx.ts';
import { createSelfSigned, type SelfSigned } from '../key-vault/self-signed.ts';
import type { Microsoft } from './microsoft.ts';
import type { Partner } from './partner.ts';

const DAY = 24 * 60 * 60_000;
const YEAR = 365 * DAY;

/** What a credential is registered at and kept in. */
interface CredentialPlaces {
  readonly partner: Partner;
  readonly microsoft: Microsoft;
}

/**
 * Gives the client exactly one kind of credential: registered in Entra, kept where the broker reads
 * it.
 */
export function equipClient(places: CredentialPlaces, kind: ClientCredentialKind): void {
  const { client, clientSecret } = places.partner;
  switch (kind) {
    case 'secret':
      keepSecret(places, clientSecret);
      return;
    case 'certificate':
      setSecrets(client, []);
      addCertificate(places);
      return;
    case 'managed-identity':
      setSecrets(client, []);
      trustIdentity(places);
      return;
  }
}

/** A new secret of the registration, put into Key Vault; the old ones no longer work. */
export function rotateSecret(places: CredentialPlaces): void {
  const secret = randomBytes(30).toString('base64url');
  setSecrets(places.partner.client, [secret]);
  keepSecret(places, secret);
}

/** Puts a secret into Key Vault, whether Entra knows it or not. */
export function keepSecret({ microsoft }: CredentialPlaces, secret: string): void {
  microsoft.keyVault.setSecret('partner-client-secret', secret, { expiresOn: Date.now() + YEAR });
}

/** A new certificate, registered beside the ones before and put into Key Vault as PEM. */
export function addCertificate(places: CredentialPlaces): SelfSigned {
  const certificate = registerCertificate(places);
  keepCertificate(places, certificate.pem, 'application/x-pem-file');
  return certificate;
}

/** The same, put into Key Vault as PFX: its default. */
export async function addPfxCertificate(places: CredentialPlaces): Promise<SelfSigned> {
  const certificate = registerCertificate(places);
  keepCertificate(places, await toPfx(certificate), 'application/x-pkcs12');
  return certificate;
}

/** Puts a certificate into Key Vault, whether it can be used or not. */
export function keepCertificate(
  { microsoft }: CredentialPlaces,
  value: string,
  contentType: string,
): void {
  const properties = { contentType, expiresOn: Date.now() + YEAR };
  microsoft.keyVault.setSecret('partner-client-certificate', value, properties);
}

/** A certificate of a year that Entra does not know yet. */
export function createCertificate(): SelfSigned {
  return createSelfSigned({
    commonName: 'Northwind Defender Broker',
    notBefore: Date.now() - DAY,
    notAfter: Date.now() + YEAR,
  });
}

function registerCertificate({ partner: { client } }: CredentialPlaces): SelfSigned {
  const certificate = createCertificate();
  client.certificates = [...client.certificates, toCertificate(certificate.certificatePem)];
  return certificate;
}

/** The federated credential by which the registration trusts the broker's managed identity. */
function trustIdentity({ partner, microsoft }: CredentialPlaces): void {
  const { client, identity, directory } = partner;
  client.federatedCredentials = [
    {
      issuer: `${microsoft.url}/${directory.homeTenantId}/v2.0`,
      subject: identity.principalId,
      audience: 'api://AzureADTokenExchange',
    },
  ];
}
