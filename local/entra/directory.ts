import { createHash } from 'node:crypto';
import type { Directory, Tenant, User } from './directory/directory-model.ts';
import {
  microsoftApiNames,
  microsoftApis,
  type ResourceApi,
  type ResourceName,
} from './directory/resources.ts';

/** What a new tenant needs; by default one Global Administrator, one plain user, all resources. */
export interface TenantInput {
  readonly displayName: string;
  readonly tenantId?: string;
  /** The first is the default domain. */
  readonly domains?: readonly [string, ...string[]];
  readonly users?: readonly User[];
  readonly provisioned?: readonly ResourceName[];
  readonly accessTokenLifetimeSeconds?: number | 'random';
}

/** A directory with only the home tenant. */
export function createDirectory(options: {
  readonly homeTenant: TenantInput;
  readonly now?: () => number;
}): Directory {
  const homeTenantId = tenantIdOf(options.homeTenant);
  const directory: Directory = {
    now: options.now ?? Date.now,
    homeTenantId,
    tenants: new Map(),
    domains: new Map(),
    applications: new Map(),
    managedIdentities: new Map(),
    faults: new Set(),
  };
  addTenant(directory, options.homeTenant);
  return directory;
}

/** Adds a tenant. */
export function addTenant(directory: Directory, input: TenantInput): Tenant {
  const tenantId = tenantIdOf(input);
  const defaultDomain = domainOf(input);
  const tenant: Tenant = {
    tenantId,
    displayName: input.displayName,
    defaultDomain,
    domains: input.domains ?? [defaultDomain],
    users: [...(input.users ?? defaultUsers(tenantId, defaultDomain))],
    provisioned: new Set(input.provisioned ?? microsoftApiNames),
    servicePrincipals: new Map(),
    exists: true,
    // What Microsoft's own samples show, although the documented default is 60 to 90 minutes.
    accessTokenLifetimeSeconds: input.accessTokenLifetimeSeconds ?? 3599,
  };
  directory.tenants.set(tenantId, tenant);
  for (const domain of tenant.domains) directory.domains.set(domain.toLowerCase(), tenantId);
  return tenant;
}

/** Finds a tenant by its GUID or a verified domain. */
export function findTenant(directory: Directory, name: string): Tenant | undefined {
  const key = name.toLowerCase();
  const tenant = directory.tenants.get(directory.domains.get(key) ?? key);
  return tenant?.exists ? tenant : undefined;
}

/** Gets a tenant by its GUID, gone or not; a wrong set-up throws. */
export function getTenant(directory: Directory, tenantId: string): Tenant {
  const tenant = directory.tenants.get(tenantId);
  if (tenant === undefined) throw new Error(`The directory has no tenant ${tenantId}`);
  return tenant;
}

/** Finds an API by App ID URI or app id, with or without a trailing slash. */
export function findResource(directory: Directory, uri: string): ResourceApi | undefined {
  const name = uri.replace(/\/$/, '');
  const known = Object.values(microsoftApis).find(
    (api) => api.appId === name || api.identifiers.includes(name),
  );
  if (known !== undefined) return known;
  const apis = [...directory.applications.values()].map(({ api }) => api);
  return apis.find((api) => api?.appId === name || api?.identifiers.includes(name));
}

/** Gets an API by its key in `requiredAppRoles`; a wrong set-up throws. */
export function getResource(directory: Directory, key: string): ResourceApi {
  const api = Object.values(microsoftApis).find((known) => known.key === key);
  const found = api ?? directory.applications.get(key)?.api;
  if (found === undefined) throw new Error(`The directory has no resource ${key}`);
  return found;
}

/** Whether the tenant has a service principal of the API, which for Microsoft's is the licence. */
export function isProvisioned(tenant: Tenant, { key }: ResourceApi): boolean {
  return tenant.provisioned.has(key as ResourceName) || tenant.servicePrincipals.has(key);
}

/** A GUID that is always the same for the same seed, so that a restart changes nobody's ids. */
export function guidOf(seed: string): string {
  const hex = createHash('sha256').update(seed).digest('hex');
  const groups = [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`];
  return [...groups, `a${hex.slice(17, 20)}`, hex.slice(20, 32)].join('-');
}

function tenantIdOf(input: TenantInput): string {
  return (input.tenantId ?? guidOf(`tenant ${input.displayName}`)).toLowerCase();
}

function domainOf({ displayName, domains }: TenantInput): string {
  const name = displayName.toLowerCase().replace(/[^a-z0-9]/g, '');
  return domains?.[0] ?? `${name}.onmicrosoft.com`;
}

function defaultUsers(tenantId: string, domain: string): readonly User[] {
  return [
    toUser(tenantId, domain, { name: 'admin', roles: ['Global Administrator'] }),
    toUser(tenantId, domain, { name: 'user', roles: [] }),
  ];
}

function toUser(tenantId: string, domain: string, who: { name: string; roles: string[] }): User {
  return {
    oid: guidOf(`user ${who.name} ${tenantId}`),
    userPrincipalName: `${who.name}@${domain}`,
    displayName: who.name === 'admin' ? 'Adele Admin' : 'Ulf User',
    roles: who.roles,
  };
}
