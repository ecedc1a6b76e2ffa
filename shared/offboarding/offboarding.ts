import { randomUUID } from 'node:crypto';
import type { Log } from '../log.ts';
import { change } from '../store.ts';
import type { Offboarding, Tenant, TenantStore } from '../tenants/tenant.ts';
import { toNotFoundError } from '../tenants/tenant-errors.ts';
import type { ResolveTenant } from '../tenants/tenant-name.ts';
import { toTombstone } from './tombstone.ts';

/** Whose traces are removed; what was made to bring the tenant back stays, by the id of the offboarding. */
export interface PurgeTarget {
  readonly tenantId: string;
  readonly offboardingId: string;
}

/** Removes one kind of trace of a tenant, whatever is left of it; answers how many. */
export type Purge = (target: PurgeTarget) => Promise<number>;

/** An offboarded tenant. */
export type Tombstone = Tenant & { readonly offboarding: Offboarding };

/** Ends a tenant's life with us; each step can be repeated, and a repeat completes what a crash cut off. */
export interface Offboardings {
  /** Writes the tombstone and makes every process see it; throws `tenant_not_found`. */
  close(name: string): Promise<Tombstone>;
  /** Removes every trace but the tombstone. */
  purge(tombstone: Tombstone): Promise<Tombstone>;
  /** Completes what was cut off, and looks after the youngest once more: a writer may have died half-way. */
  resume(): Promise<void>;
}

/** Queue messages live for seven days; nothing that was under way at the offboarding is older. */
const LATEST_WRITE = 8 * 24 * 60 * 60_000;

const PAGE = 1000;

/** What the offboarding is made of. */
export interface OffboardingParts {
  readonly tenants: TenantStore;
  readonly resolveTenant: ResolveTenant;
  /** By the name under which the receipt counts them. */
  readonly purges: Readonly<Record<string, Purge>>;
  readonly advanceEpoch: () => Promise<void>;
  readonly log: Log;
  readonly now: () => number;
}

/** Creates the functions. */
export function createOffboardings(parts: OffboardingParts): Offboardings {
  return {
    close: (name) => close(parts, name),
    purge: (tombstone) => purge(parts, tombstone),
    async resume() {
      let after: string | undefined;
      do {
        const look = { status: 'offboarded', limit: PAGE, ...(after && { after }) } as const;
        const page = await parts.tenants.list(look);
        for (const tenant of page.tenants) await resumeOne(parts, tenant);
        after = page.next;
      } while (after !== undefined);
    },
  };
}

async function close(parts: OffboardingParts, name: string): Promise<Tombstone> {
  const tenantId = await parts.resolveTenant(name);
  if (tenantId === undefined) throw toNotFoundError();
  const fresh = { id: randomUUID(), at: parts.now(), purgedAt: undefined, removed: {} };
  let before: Tenant | undefined;
  const closed = await change(parts.tenants, tenantId, (tenant) => {
    before = tenant;
    return tenant && (isTombstone(tenant) ? tenant : toTombstone(tenant, fresh));
  });
  if (!closed || !before || !isTombstone(closed)) throw toNotFoundError();
  if (before.status !== 'offboarded') {
    parts.log.info('tenant.status', { tenant: tenantId, from: before.status, to: 'offboarded' });
  }
  // Also on a repeat: the first try may have ended before it.
  await parts.advanceEpoch();
  return closed;
}

async function purge(parts: OffboardingParts, { tenantId, offboarding }: Tombstone) {
  const target = { tenantId, offboardingId: offboarding.id };
  const removed: Record<string, number> = {};
  for (const [name, run] of Object.entries(parts.purges)) removed[name] = await run(target);
  parts.log.info('offboarding.purged', { tenant: tenantId, ...removed });
  const purged = await change(
    parts.tenants,
    tenantId,
    (tenant) => tenant && complete(tenant, { id: offboarding.id, removed, now: parts.now() }),
  );
  if (!purged || !isTombstone(purged)) throw toNotFoundError();
  return purged;
}

async function resumeOne(parts: OffboardingParts, tenant: Tenant): Promise<void> {
  if (!isTombstone(tenant) || isSettled(tenant.offboarding, parts.now())) return;
  try {
    await purge(parts, tenant);
  } catch {
    parts.log.error('offboarding.purge_failed', { tenant: tenant.tenantId });
  }
}

function isSettled({ at, purgedAt }: Offboarding, now: number): boolean {
  return purgedAt !== undefined && now - at > LATEST_WRITE;
}

function isTombstone(tenant: Tenant): tenant is Tombstone {
  return tenant.status === 'offboarded' && tenant.offboarding !== undefined;
}

/** The tombstone after a purge; unchanged if nothing was left to remove, or if the tenant came back meanwhile. */
function complete(
  tenant: Tenant,
  { id, removed, now }: { id: string; removed: Readonly<Record<string, number>>; now: number },
): Tenant {
  if (!isTombstone(tenant) || tenant.offboarding.id !== id) return tenant;
  const { offboarding } = tenant;
  const isNews = Object.values(removed).some((count) => count > 0);
  if (offboarding.purgedAt !== undefined && !isNews) return tenant;
  const total = Object.entries(removed).map(([name, count]) => [
    name,
    (offboarding.removed[name] ?? 0) + count,
  ]);
  return toTombstone(tenant, {
    ...offboarding,
    purgedAt: now,
    removed: Object.fromEntries(total),
  });
}
