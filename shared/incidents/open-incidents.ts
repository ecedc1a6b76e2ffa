import { createCachedDirectory } from '../cached-directory.ts';
import type { Caller } from '../callers/caller.ts';
import { mapAll } from '../concurrency.ts';
import type { Tenant } from '../tenants/tenant.ts';
import type { IncidentAccess } from './incident-access.ts';
import type { IncidentOrder } from './incident-order.ts';

/** Open incidents of one tenant by severity; `isMore`: there are more than were counted. */
export interface OpenIncidents {
  readonly bySeverity: Readonly<Record<string, number>>;
  readonly isMore: boolean;
}

/** Counts for those of the tenants whose incidents the caller may read; the others are left out. */
export type CountOpenIncidents = (
  caller: Caller,
  tenants: readonly Tenant[],
) => Promise<ReadonlyMap<string, OpenIncidents>>;

const OPEN_STATUSES = ['active', 'inProgress', 'awaitingAction'] as const;

/** A caller that reads a list again within this time sees the same counts. */
const COUNT_AGE_MS = 30_000;

/** One answer of the table holds as many rows. */
const BLOCK = 1000;
const MAX_BLOCKS = 5;

/** Tenants that are counted at the same time. */
const CONCURRENCY = 8;

/** Creates the count: a query of the tenant's own partition, at most once in half a minute. */
export function createCountOpenIncidents({
  order,
  access,
  now,
}: {
  order: Pick<IncidentOrder, 'list'>;
  access: Pick<IncidentAccess, 'mayRead'>;
  now: () => number;
}): CountOpenIncidents {
  const find = async (tenantId: string) => ({ value: await count(order, tenantId), etag: '' });
  const counts = createCachedDirectory({ records: { find }, maxAge: COUNT_AGE_MS, now });
  return async (caller, tenants) => {
    if (!caller.roles.includes('Incidents.Read')) return new Map();
    const found = await mapAll(tenants, CONCURRENCY, async (tenant) => {
      if (!(await access.mayRead(caller, tenant))) return [];
      const open = await counts.get(tenant.tenantId);
      return open ? [[tenant.tenantId, open] as const] : [];
    });
    return new Map(found.flat());
  };
}

/** Newest first: of an incident that stands twice, after a crash, the newer version counts. */
async function count(order: Pick<IncidentOrder, 'list'>, tenantId: string): Promise<OpenIncidents> {
  const severities = new Map<string, string>();
  let after: string | undefined;
  for (let blocks = 0; blocks < MAX_BLOCKS; blocks++) {
    const query = { tenantId, severities: undefined, statuses: OPEN_STATUSES, after, limit: BLOCK };
    const { entries, next } = await order.list({
      ...query,
      assignedTo: undefined,
      updatedSince: undefined,
    });
    for (const { incidentId, severity } of entries) {
      if (!severities.has(incidentId)) severities.set(incidentId, severity);
    }
    after = next;
    if (next === undefined) break;
  }
  const groups = Map.groupBy(severities.values(), (severity) => severity);
  const bySeverity = Object.fromEntries([...groups].map(([name, all]) => [name, all.length]));
  return { bySeverity, isMore: after !== undefined };
}
