import type { JsonWebKey } from 'node:crypto';
import type { ActiveFault } from '../faults.ts';
import type { ResourceApi, ResourceName } from './resources.ts';

/**
 * App roles by resource: a well-known name, or the client id of the application that exposes it.
 */
export type AppRolesByResource = Readonly<Record<string, readonly string[]>>;

/** A person of a tenant; nobody needs a password here. */
export interface User {
  readonly oid: string;
  readonly userPrincipalName: string;
  readonly displayName: string;
  /** Directory roles such as `Global Administrator`. */
  readonly roles: readonly string[];
  /** App roles of the tenant's own APIs, by the API's client id. */
  readonly appRoles?: AppRolesByResource;
}

/** An app role assignment; `grantedAt` is epoch milliseconds. */
interface Grant {
  readonly resource: string;
  readonly role: string;
  readonly grantedAt: number;
  /** Tokens issued for this resource since the grant, for role lag counted in tokens. */
  tokensSince: number;
}

/** An application's enterprise application in one tenant. */
export interface ServicePrincipal {
  readonly oid: string;
  accountEnabled: boolean;
  grants: Grant[];
}

/** A customer's or the partner's Entra directory. */
export interface Tenant {
  readonly tenantId: string;
  readonly displayName: string;
  readonly defaultDomain: string;
  readonly domains: readonly string[];
  readonly users: User[];
  readonly provisioned: Set<ResourceName>;
  readonly servicePrincipals: Map<string, ServicePrincipal>;
  exists: boolean;
  /** A TokenLifetimePolicy in seconds; `random` is 60 to 90 minutes, fixed by the token's `uti`. */
  accessTokenLifetimeSeconds: number | 'random';
}

/** A client secret; `expiresAt` is epoch milliseconds. */
export interface Secret {
  readonly keyId: string;
  readonly value: string;
  readonly expiresAt: number;
}

/** A registered certificate: the base64url SHA-256 of its DER, and its public key. */
export interface Certificate {
  readonly x5tS256: string;
  readonly publicJwk: JsonWebKey;
}

/** Whose tokens an application accepts in place of a secret. */
export interface FederatedCredential {
  readonly issuer: string;
  readonly subject: string;
  readonly audience: string;
}

/** An app registration. */
export interface Application {
  readonly clientId: string;
  readonly displayName: string;
  readonly homeTenantId: string;
  readonly signInAudience: 'AzureADMyOrg' | 'AzureADMultipleOrgs';
  readonly redirectUris: readonly string[];
  secrets: readonly Secret[];
  certificates: readonly Certificate[];
  federatedCredentials: readonly FederatedCredential[];
  requiredAppRoles: AppRolesByResource;
  /** `DirectoryRole`: id_tokens name the directory roles of who signs in, as `wids`. */
  groupMembershipClaims: 'None' | 'DirectoryRole';
  /** The API it exposes, if any. */
  readonly api: ResourceApi | undefined;
}

/** A user-assigned managed identity of the home tenant. */
export interface ManagedIdentity {
  readonly clientId: string;
  readonly principalId: string;
}

/** Everything this stand-in knows; tests and the sandbox change it while it runs. */
export interface Directory {
  readonly now: () => number;
  readonly homeTenantId: string;
  readonly tenants: Map<string, Tenant>;
  /** Tenant GUIDs by verified domain. */
  readonly domains: Map<string, string>;
  readonly applications: Map<string, Application>;
  readonly managedIdentities: Map<string, ManagedIdentity>;
  readonly faults: Set<ActiveFault>;
}
