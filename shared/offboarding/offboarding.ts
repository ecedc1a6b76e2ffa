import { randomUUID } from 'node:crypto';
import type { Log } from '../log.ts';
import { change } from '../store.ts';
import type { Offboarding, Tenant, TenantStore } from '../tenants/tenant.ts';
import { toNotFoundError } from '../tenants/tenant-errors.ts';
import type { ResolveTenant } from '../tenants/tenant-name.ts';
import { toTombstone } from '../tenants/tombstone.ts';
import { DAY } from '../time.ts';

/**
 * Whose traces are removed; what was made to bring the tenant back stays, by the id of the
 * offboarding.
 */
export interface PurgeTarget {
  readonly tenantId: string;
  readonly offboardingId: string;
}

/** Removes one kind of trace of a tenant, whatever is left of it; answers how many. */
export type Purge = (target: PurgeTarget) => Promise<number>;

/** An offboarded tenant. */
export type Tombstone = Tenant & { readonly offboarding: Offboarding };

/**
 * Ends a tenant's life with us; each step can be repeated, and a repeat completes what a crash cut
 * off.
 */
export interface Offboardings {
  /** Writes the tombstone and makes every process see it; throws `tenant_not_found`. */
  close(name: string): Promise<Tombstone>;
  /** Removes every trace but the tombstone. */
  purge(tombstone: Tombstone): Promise<Tombstone>;
  /**
   * Completes what was cut off, and looks after the youngest once more: a writer may have died
   * half-way.
   */
  resume(): Promise<void>;
}

/** Queue messages live for seven days; nothing that was under way at the offboarding is older. */
const LATEST_WRITE = 8 * DAY;

const PAGE = 1000;

/** What the offboarding is made of. */
interface OffboardingParts {
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
  const removed = Object.fromEntries(Object.keys(parts.purges).map((name) => [name, 0]));
  const fresh = { id: randomUUID(), at: parts.now(), purgedAt: undefined, removed };
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

async function purge(parts: OffboardingParts, tombstone: Tombstone): Promise<Tombstone> {
  const { tenantId, offboarding } = tombstone;
  const target = { tenantId, offboardingId: offboarding.id };
  let isNews = offboarding.purgedAt === undefined;
  for (const [name, run] of Object.entries(parts.purges)) {
    // A sweep goes on for long, and a process may have been paused: what a tenant that came back
    // has is not ours to remove.
    await assertStanding(parts, target);
    const count = await run(target);
    if (count === 0) continue;
    isNews = true;
    parts.log.info('offboarding.purged', { tenant: tenantId, kind: name, count });
    await note(parts, target, (known) => addRemoved(known, name, count));
  }
  if (!isNews) return tombstone;
  return await note(parts, target, (known) => ({ ...known, purgedAt: parts.now() }));
}

async function assertStanding(
  { tenants }: OffboardingParts,
  { tenantId, offboardingId }: PurgeTarget,
): Promise<void> {
  const tenant = (await tenants.find(tenantId))?.value;
  if (tenant?.offboarding?.id !== offboardingId) throw toNotFoundError();
}

/** Keeps a fact with the tombstone, unless the tenant came back meanwhile. */
async function note(
  { tenants }: OffboardingParts,
  { tenantId, offboardingId }: PurgeTarget,
  apply: (offboarding: Offboarding) => Offboarding,
): Promise<Tombstone> {
  const noted = await change(tenants, tenantId, (tenant) =>
    tenant && isTombstone(tenant) && tenant.offboarding.id === offboardingId
      ? toTombstone(tenant, apply(tenant.offboarding))
      : tenant,
  );
  if (!noted || !isTombstone(noted)) throw toNotFoundError();
  return noted;
}

function addRemoved(offboarding: Offboarding, name: string, count: number): Offboarding {
  const total = (offboarding.removed[name] ?? 0) + count;
  return { ...offboarding, removed: { ...offboarding.removed, [name]: total } };
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
