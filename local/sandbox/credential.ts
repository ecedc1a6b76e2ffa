import { randomBytes } from 'node:crypto';
import type { ClientCredentialKind } from '../../shared/config.ts';
import { setSecrets, toCertificate } from '../entra/directory/applications.ts';
import { createSelfSigned, type SelfSigned } from '../key-vault/self-signed.ts';
import type { Microsoft } from './microsoft.ts';
import type { Partner } from './partner.ts';

const DAY = 24 * 60 * 60_000;
const YEAR = 365 * DAY;

/** What a credential is registered at and kept in. */
export interface CredentialPlaces {
  readonly partner: Partner;
  readonly microsoft: Microsoft;
}

/** Gives the client exactly one kind of credential: registered in Entra, kept where the broker reads it. */
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
  const certificate = createSelfSigned({
    commonName: 'Northwind Defender Broker',
    notBefore: Date.now() - DAY,
    notAfter: Date.now() + YEAR,
  });
  const { client } = places.partner;
  client.certificates = [...client.certificates, toCertificate(certificate.certificatePem)];
  places.microsoft.keyVault.setSecret('partner-client-certificate', certificate.pem, {
    contentType: 'application/x-pem-file',
    expiresOn: Date.now() + YEAR,
  });
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
