import * as v from 'valibot';
import type { Directory, Tenant } from '../../entra/directory/directory-model.ts';
import { microsoftApiNames } from '../../entra/directory/resources.ts';
import { addTenant } from '../../entra/directory.ts';
import type { Fault } from '../../entra/faults.ts';

const rolesSchema = v.record(v.string(), v.array(v.string()));
const userSchema = v.object({
  oid: v.string(),
  userPrincipalName: v.string(),
  displayName: v.string(),
  roles: v.array(v.string()),
  appRoles: v.exactOptional(rolesSchema),
});
const grantSchema = v.object({
  resource: v.string(),
  role: v.string(),
  grantedAt: v.number(),
  tokensSince: v.number(),
});
const principalSchema = v.object({
  oid: v.string(),
  accountEnabled: v.boolean(),
  grants: v.array(grantSchema),
});
const tenantSchema = v.object({
  tenantId: v.string(),
  displayName: v.string(),
  domains: v.tupleWithRest([v.string()], v.string()),
  users: v.array(userSchema),
  provisioned: v.array(v.picklist(microsoftApiNames)),
  servicePrincipals: v.array(v.tuple([v.string(), principalSchema])),
  exists: v.boolean(),
  accessTokenLifetimeSeconds: v.union([v.number(), v.literal('random')]),
});
const faultSchema = v.object({
  fault: v.looseObject({ kind: v.string() }),
  /** `null`: for ever. */
  timesLeft: v.nullable(v.number()),
});

/** The customers' directories, and what goes wrong at Entra. */
export const directorySchema = v.object({
  tenants: v.array(tenantSchema),
  faults: v.array(faultSchema),
});

type DirectorySnapshot = v.InferOutput<typeof directorySchema>;
type TenantSnapshot = v.InferOutput<typeof tenantSchema>;

/** Takes the customers' directories. The home tenant is made anew at each start, from the code. */
export function snapshotDirectory({ tenants, homeTenantId, faults }: Directory): DirectorySnapshot {
  const customers = [...tenants.values()].filter(({ tenantId }) => tenantId !== homeTenantId);
  return {
    tenants: customers.map(toTenantSnapshot),
    faults: [...faults].map(({ fault, timesLeft }) => ({
      fault,
      timesLeft: Number.isFinite(timesLeft) ? timesLeft : null,
    })),
  };
}

/** Puts the customers back as they were left, those too that this start did not ask for. */
export function restoreDirectory(directory: Directory, snapshot: DirectorySnapshot): void {
  for (const saved of snapshot.tenants) {
    const { tenantId, displayName, domains } = saved;
    const known = directory.tenants.get(tenantId);
    restoreTenant(known ?? addTenant(directory, { tenantId, displayName, domains }), saved);
  }
  directory.faults.clear();
  for (const { fault, timesLeft } of snapshot.faults) {
    // It was written by `snapshotDirectory`, which takes nothing but faults.
    directory.faults.add({
      fault: fault as unknown as Fault,
      timesLeft: timesLeft ?? Number.POSITIVE_INFINITY,
    });
  }
}

function toTenantSnapshot(tenant: Tenant): TenantSnapshot {
  const [first = tenant.defaultDomain, ...others] = tenant.domains;
  return {
    tenantId: tenant.tenantId,
    displayName: tenant.displayName,
    domains: [first, ...others],
    users: tenant.users.map(({ appRoles, roles, ...user }) => ({
      ...user,
      roles: [...roles],
      ...(appRoles && { appRoles: toRoles(appRoles) }),
    })),
    provisioned: [...tenant.provisioned],
    servicePrincipals: [...tenant.servicePrincipals],
    exists: tenant.exists,
    accessTokenLifetimeSeconds: tenant.accessTokenLifetimeSeconds,
  };
}

function toRoles(roles: Readonly<Record<string, readonly string[]>>): Record<string, string[]> {
  return Object.fromEntries(Object.entries(roles).map(([key, values]) => [key, [...values]]));
}

function restoreTenant(tenant: Tenant, saved: TenantSnapshot): void {
  tenant.users.splice(0, tenant.users.length, ...saved.users);
  tenant.provisioned.clear();
  for (const resource of saved.provisioned) tenant.provisioned.add(resource);
  tenant.servicePrincipals.clear();
  for (const [clientId, principal] of saved.servicePrincipals) {
    tenant.servicePrincipals.set(clientId, principal);
  }
  tenant.exists = saved.exists;
  tenant.accessTokenLifetimeSeconds = saved.accessTokenLifetimeSeconds;
}
