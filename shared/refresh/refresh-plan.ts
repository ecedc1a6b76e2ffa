import type { ResourceName } from '../resources/resources.ts';
import { isServed, type Tenant } from '../tenants/tenant.ts';
import { DAY } from '../time.ts';
import { type TokenKey, type TokenSummary, toKeyText } from '../tokens/token-record.ts';

/** What a caller asked for within this time stays fresh. */
const DEMAND_AGE = DAY;

/**
 * A single failure: asked about once more, so that it is a flap or counts, and does not wait for
 * another in weeks.
 */
const UNCONFIRMED = 1;

/** A message's worth of keys: at the usual latency of Entra a second of work. */
const BATCH_SIZE = 50;

/** What one timer run has to do. */
interface RefreshPlan {
  /**
   * Keys to refresh, soonest to expire first; those that failed last stand in batches of their own.
   */
  readonly batches: readonly (readonly TokenKey[])[];
  readonly due: number;
  /** Failed keys that are left alone for now. */
  readonly backingOff: number;
}

/**
 * Finds what is due: of every usable tenant its sync resource, what callers asked for in the last
 * day, and what failed once. Derived from the rows alone, so a run that was interrupted anywhere is
 * made up for by the next.
 */
export function planRefresh({
  tenants,
  summaries,
  syncResource,
  now,
}: {
  tenants: readonly Tenant[];
  summaries: readonly TokenSummary[];
  syncResource: ResourceName;
  now: number;
}): RefreshPlan {
  const rows = new Map(summaries.map((summary) => [toKeyText(summary), summary]));
  const served = new Set(tenants.filter(isServed).map(({ tenantId }) => tenantId));
  const wanted = summaries.filter(
    ({ tenantId, resource, requestedAt = 0, failures }) =>
      served.has(tenantId) &&
      resource !== syncResource &&
      (now - requestedAt < DEMAND_AGE || failures === UNCONFIRMED),
  );
  const synced = [...served].map(
    (tenantId) =>
      rows.get(toKeyText({ tenantId, resource: syncResource })) ??
      createSummary({ tenantId, resource: syncResource }),
  );
  const due = [...synced, ...wanted].filter(({ refreshAt = 0 }) => refreshAt <= now);
  const ready = due
    .filter(({ retryAt = 0 }) => retryAt <= now)
    .toSorted((a, b) => (a.expiresAt ?? 0) - (b.expiresAt ?? 0));
  return {
    batches: [
      ...toBatches(ready.filter(({ failures }) => failures === 0)),
      ...toBatches(ready.filter(({ failures }) => failures > 0)),
    ],
    due: ready.length,
    backingOff: due.length - ready.length,
  };
}

function createSummary(key: TokenKey): TokenSummary {
  return {
    ...key,
    refreshAt: undefined,
    expiresAt: undefined,
    requestedAt: undefined,
    retryAt: undefined,
    failures: 0,
    keyId: undefined,
  };
}

function toBatches(summaries: readonly TokenSummary[]): readonly (readonly TokenKey[])[] {
  const keys = summaries.map(({ tenantId, resource }) => ({ tenantId, resource }));
  return Array.from({ length: Math.ceil(keys.length / BATCH_SIZE) }, (_, batch) =>
    keys.slice(batch * BATCH_SIZE, (batch + 1) * BATCH_SIZE),
  );
}
