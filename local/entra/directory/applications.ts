import { createHash, type JsonWebKey, X509Certificate } from 'node:crypto';
import { guidOf } from '../directory.ts';
import type {
  Application,
  Certificate,
  Directory,
  ManagedIdentity,
  Secret,
} from './directory-model.ts';
import { createServicePrincipal } from './grants.ts';
import type { AppRole, ResourceApi } from './resources.ts';

/** What a new app registration needs; it is multi-tenant and of the home tenant by default. */
export interface ApplicationInput
  extends Partial<Omit<Application, 'displayName' | 'api' | 'secrets'>> {
  readonly displayName: string;
  /** Plain values do not expire. */
  readonly secrets?: readonly (string | Secret)[];
  readonly appIdUri?: string;
  readonly appRoles?: readonly AppRole[];
  readonly requestedAccessTokenVersion?: 1 | 2;
  /** Optional claims of its app-only access tokens. */
  readonly optionalClaims?: readonly 'idtyp'[];
}

/** Registers an application; its service principal in its own tenant exists from the start. */
export function addApplication(directory: Directory, input: ApplicationInput): Application {
  const clientId = (input.clientId ?? guidOf(`application ${input.displayName}`)).toLowerCase();
  const redirectUris = input.redirectUris ?? [];
  for (const uri of redirectUris) checkRedirectUri(uri);
  const application: Application = {
    clientId,
    displayName: input.displayName,
    homeTenantId: input.homeTenantId ?? directory.homeTenantId,
    signInAudience: input.signInAudience ?? 'AzureADMultipleOrgs',
    redirectUris,
    secrets: (input.secrets ?? []).map(toSecret),
    certificates: input.certificates ?? [],
    federatedCredentials: input.federatedCredentials ?? [],
    requiredAppRoles: input.requiredAppRoles ?? {},
    groupMembershipClaims: input.groupMembershipClaims ?? 'None',
    api: toApi(clientId, input),
  };
  directory.applications.set(clientId, application);
  createServicePrincipal(directory, { tenantId: application.homeTenantId, clientId });
  return application;
}

/** Registers a user-assigned managed identity in the home tenant. */
export function addManagedIdentity(
  directory: Directory,
  input: Partial<ManagedIdentity> & { readonly name: string },
): ManagedIdentity {
  const identity = {
    clientId: input.clientId ?? guidOf(`identity ${input.name}`),
    principalId: input.principalId ?? guidOf(`principal ${input.name}`),
  };
  directory.managedIdentities.set(identity.clientId, identity);
  return identity;
}

/** Replaces an application's secrets; plain values do not expire. */
export function setSecrets(application: Application, secrets: readonly (string | Secret)[]): void {
  application.secrets = secrets.map(toSecret);
}

/** What is registered for a certificate in PEM. */
export function toCertificate(pem: string): Certificate {
  const certificate = new X509Certificate(pem);
  const publicJwk: JsonWebKey = certificate.publicKey.export({ format: 'jwk' });
  const x5tS256 = createHash('sha256').update(certificate.raw).digest('base64url');
  return { x5tS256, publicJwk };
}

function toSecret(secret: string | Secret): Secret {
  if (typeof secret !== 'string') return secret;
  return { keyId: guidOf(`secret ${secret}`), value: secret, expiresAt: Number.POSITIVE_INFINITY };
}

function toApi(clientId: string, input: ApplicationInput): ResourceApi | undefined {
  if (input.appIdUri === undefined) return undefined;
  return {
    key: clientId,
    appId: clientId,
    displayName: input.displayName,
    identifiers: [input.appIdUri],
    appRoles: input.appRoles ?? [],
    accessTokenVersion: input.requestedAccessTokenVersion ?? 1,
    emitsIdtyp: input.optionalClaims?.includes('idtyp') ?? false,
  };
}

function checkRedirectUri(uri: string): void {
  const { protocol, hostname } = new URL(uri);
  const loopback = hostname === 'localhost' || hostname === '127.0.0.1';
  if (protocol !== 'https:' && !(protocol === 'http:' && loopback)) {
    throw new Error(`A redirect URI is https, or http on localhost: ${uri}`);
  }
  if (/[!$'(),;*#]/.test(uri)) throw new Error(`A redirect URI has a forbidden character: ${uri}`);
}
