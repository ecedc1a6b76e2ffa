import type { FieldChange } from './audit/audit-event.ts';
import { listFittingChanges, type Retagged } from './audit/describe/fitting-rules.ts';
import type { GrantStore } from './callers/grants.ts';
import type { EpochWatch } from './epoch.ts';
import type { Log } from './log.ts';
import { assertPrecondition, type Precondition } from './precondition.ts';
import type { IncidentSourceName } from './resources/incident-sources.ts';
import { change } from './store.ts';
import {
  isServed,
  type Tenant,
  type TenantPage,
  type TenantStatus,
  type TenantStore,
} from './tenants/tenant.ts';
import { toDisabledError, toNotFoundError } from './tenants/tenant-errors.ts';
import type { ResolveTenant } from './tenants/tenant-name.ts';
import { patchSettings, SETTINGS, type SettingsPatch } from './tenants/tenant-settings.ts';
import { toTenantVersion } from './tenants/tenant-version.ts';
import { toOffboardedError } from './tenants/tombstone.ts';

/** Which tenants an operator wants to see. */
export interface TenantQuery {
  readonly status?: TenantStatus | undefined;
  readonly after?: string | undefined;
  readonly limit: number;
}

/** What an operator may change. */
export interface TenantPatch extends SettingsPatch {
  readonly status?: 'active' | 'disabled' | undefined;
  /** The API that the next sync reads; `default`: the one of the setting INCIDENT_SOURCE. */
  readonly incidentSource?: IncidentSourceName | 'default' | undefined;
  /** On which version of the tenant this was decided. */
  readonly precondition?: Precondition | undefined;
}

/** A tenant as a patch left it. */
interface PatchedTenant {
  readonly tenant: Tenant;
  /** Which rules of callers its tags began or ceased to fit, for the audit event. */
  readonly fitting: readonly FieldChange[];
}

/** The operators' view of the tenants; every name is a GUID or a verified domain. */
export interface TenantAdministration {
  list(query: TenantQuery): Promise<TenantPage>;
  /** Throws `tenant_not_found`. */
  get(name: string): Promise<Tenant>;
  /** Throws `precondition_failed` when the tenant is no longer what the patch was decided on. */
  patch(name: string, patch: TenantPatch): Promise<PatchedTenant>;
  /** Runs the proof again and answers its verdict. */
  verify(name: string): Promise<Tenant>;
}

/** Creates the operators' functions. */
export function createTenantAdministration(parts: {
  tenants: TenantStore;
  grants: Pick<GrantStore, 'list'>;
  resolveTenant: ResolveTenant;
  /** Proves the tenant and answers what it then is. */
  verifier: { readonly verifyNow: (tenantId: string) => Promise<Tenant> };
  /** Chooses the API that the next sync reads; `default`: as the setting says. */
  chooseSource: (tenantId: string, source: IncidentSourceName | 'default') => Promise<void>;
  publish: EpochWatch['publish'];
  /** A name decides nothing, so other processes may show the old one for a while. */
  forgetNames: () => void;
  log: Log;
  now: () => number;
}): TenantAdministration {
  const { tenants, verifier, now } = parts;

  const get = async (name: string): Promise<Tenant> => {
    const tenantId = await parts.resolveTenant(name);
    const tenant = tenantId && (await tenants.find(tenantId))?.value;
    if (!tenant) throw toNotFoundError();
    return tenant;
  };

  const list = async ({ limit, after, status }: TenantQuery): Promise<TenantPage> =>
    await tenants.list({ limit, ...(after !== undefined && { after }), ...(status && { status }) });

  return {
    list,
    get,
    async patch(name, patch) {
      const { tenantId, ...seen } = await get(name);
      let { status: before, tags } = seen;
      const write = () =>
        change(tenants, tenantId, (tenant) => {
          if (!tenant) return undefined;
          ({ status: before, tags } = tenant);
          return apply(tenant, patch, now());
        });
      // Publish even if nothing changes: a repeat completes an attempt that failed half-way.
      const decides = patch.status !== undefined || isDecisive(patch);
      const patched = await (decides ? parts.publish(write) : write());
      if (patch.displayName !== undefined) parts.forgetNames();
      if (!patched) throw toNotFoundError();
      if (patched.status !== before) {
        parts.log.info('tenant.status', { tenant: tenantId, from: before, to: patched.status });
      }
      if (patch.incidentSource) await parts.chooseSource(tenantId, patch.incidentSource);
      const fitting = await findFitting(parts, { tenantId, before: tags, after: patched.tags });
      const verified = patch.status === 'active' && (await verifier.verifyNow(tenantId));
      return { tenant: verified || patched, fitting };
    },
    async verify(name) {
      const tenant = await get(name);
      assertOpen(tenant);
      if (tenant.status === 'disabled') throw toDisabledError();
      return await verifier.verifyNow(tenant.tenantId);
    },
  };
}

/** The change is in force: what can't be known now is recorded as such. */
async function findFitting(
  { grants, log }: { grants: Pick<GrantStore, 'list'>; log: Log },
  tenant: Retagged,
): Promise<readonly FieldChange[]> {
  if (tenant.before.toSorted().join() === tenant.after.toSorted().join()) return [];
  try {
    return listFittingChanges(await grants.list(), tenant);
  } catch {
    log.warn('tenant.rules_unknown', { tenant: tenant.tenantId });
    return [{ field: 'fitting_rules', before: undefined, after: 'could not be read' }];
  }
}

function apply(tenant: Tenant, patch: TenantPatch, now: number): Tenant {
  assertOpen(tenant);
  const next = toPatched(tenant, patch, now);
  assertPrecondition(patch.precondition, toTenantVersion(tenant), toTenantVersion(next));
  return next;
}

/**
 * Enabling proves anew: much may have changed while nobody looked. It is the operator's word, and
 * needs no invitation.
 */
function toPatched(tenant: Tenant, patch: TenantPatch, now: number): Tenant {
  const { status } = patch;
  const patched = { ...tenant, ...patchSettings(tenant, patch), updatedAt: now };
  if (status === 'disabled') return { ...patched, status, verification: undefined };
  if (status === undefined || isServed(tenant)) return patched;
  const verification = { startedAt: now, until: now, nextAt: now, attempt: 0 };
  return { ...patched, status: 'verifying', pendingInvitation: undefined, verification };
}

/** Whether decisions in the memory of some process are too old after the change. */
function isDecisive(patch: SettingsPatch): boolean {
  return SETTINGS.some((setting) => setting.isDecisive && patch[setting.key] !== undefined);
}

function assertOpen({ status }: Tenant): void {
  if (status === 'offboarded') throw toOffboardedError();
}
