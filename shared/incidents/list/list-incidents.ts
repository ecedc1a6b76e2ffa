import { settleAll } from '../../concurrency.ts';
import type { Tenant, TenantStore } from '../../tenants/tenant.ts';
import { createBoundedPage } from '../bounded-page.ts';
import {
  type CoverageReport,
  type CoverageRules,
  toCoverageReport,
  withUnreadable,
} from '../coverage/coverage-report.ts';
import type { CursorSeal } from '../cursor-seal.ts';
import type { Incident } from '../incident.ts';
import type { IncidentAccess } from '../incident-access.ts';
import type { IncidentStore } from '../incident-store.ts';
import type { SyncStateStore } from '../sync/sync-state.ts';
import { createIncludedRaws, type IncludedRaws, type Raws } from './included-raws.ts';
import { findTenants, type Position, readPosition, toPosition } from './list-position.ts';
import type { ListQuery } from './list-query.ts';

/** A page, of some 4 MB at most; it may be short, even empty, while there is a `next`. */
export interface ListPage {
  readonly incidents: readonly Incident[];
  readonly raws: Raws;
  readonly next: string | undefined;
  /** Of each tenant that was looked at, in order. */
  readonly coverage: readonly CoverageReport[];
}

/** Lists incidents by tenant in GUID order, and newest id first within. */
export type ListIncidents = (query: ListQuery) => Promise<ListPage>;

/** Tenants that are read at the same time; with the JSON of their incidents fewer. */
const SLICE = 10;
const RAW_SLICE = 2;

/** Incidents of a tenant that are read with their JSON: 25 MB at the most. */
const MAX_WITH_RAW_COUNT = 25;

interface Parts {
  readonly access: IncidentAccess;
  readonly tenants: Pick<TenantStore, 'list'>;
  readonly incidents: Pick<IncidentStore, 'list' | 'findRaws'>;
  readonly syncStates: Pick<SyncStateStore, 'find'>;
  readonly seal: CursorSeal;
  readonly rules: CoverageRules;
  readonly now: () => number;
}

/** Creates the list. */
export function createListIncidents(parts: Parts): ListIncidents {
  return async (query) => {
    const from = await readPosition(parts.seal, query.cursor);
    await parts.access.ensureCurrent();
    const { tenants, next } = await findTenants(parts, query, from);
    const included = createIncludedRaws(parts.incidents, query.withRaw ?? false);
    const page = await readPage(parts, query, { tenants, from, included });
    const position = page.position ?? next;
    return {
      incidents: page.incidents,
      raws: included.raws,
      coverage: page.coverage,
      next: position && (await parts.seal.seal('incidents', JSON.stringify(position))),
    };
  };
}

/** What one request reads. */
interface TenantReading {
  readonly tenants: readonly Tenant[];
  readonly from: Position | undefined;
  readonly included: IncludedRaws;
}

interface TenantRead {
  readonly report: CoverageReport;
  readonly incidents: readonly Incident[];
  readonly next: string | undefined;
}

/** Fills the page tenant by tenant; `position` is where it ends before the last tenant does. */
async function readPage(parts: Parts, query: ListQuery, reading: TenantReading) {
  const page = createBoundedPage<Incident>(query.limit, reading.included.sizeOf);
  const incidents = page.rows;
  const coverage: CoverageReport[] = [];
  for await (const { report, ...found } of lookAhead(parts, query, reading)) {
    const over = found.incidents.findIndex((incident) => !page.add(incident));
    const last = coverage.at(-1);
    if (over === 0 && last) return { incidents, coverage, position: toPosition(last) };
    coverage.push(report);
    const rest = over === -1 ? found.next : incidents.at(-1)?.incidentId;
    if (rest) return { incidents, coverage, position: toPosition(report, rest) };
  }
  return { incidents, coverage, position: undefined };
}

/** Looks at the tenants in order, a slice of them at the same time. */
async function* lookAhead(
  parts: Parts,
  query: ListQuery,
  { tenants, ...reading }: TenantReading,
): AsyncGenerator<TenantRead> {
  const size = query.withRaw ? RAW_SLICE : SLICE;
  for (let at = 0; at < tenants.length; at += size) {
    const slice = tenants.slice(at, at + size);
    const read = (tenant: Tenant) => look(parts, query, { ...reading, tenant });
    for (const outcome of await settleAll(slice, size, read)) {
      if (outcome.status === 'rejected') throw outcome.reason;
      yield outcome.value;
    }
  }
}

async function look(
  { incidents, syncStates, rules, now }: Parts,
  { caller, tenant: name, tag, cursor, withRaw, ...conditions }: ListQuery,
  { tenant, from, included }: Omit<TenantReading, 'tenants'> & { readonly tenant: Tenant },
): Promise<TenantRead> {
  const { tenantId } = tenant;
  const after = from?.tenantId === tenantId ? from.incidentId : undefined;
  const limit = withRaw ? Math.min(conditions.limit, MAX_WITH_RAW_COUNT) : conditions.limit;
  const [page, state] = await Promise.all([
    incidents.list({ ...conditions, limit, tenantId, after }),
    syncStates.find(tenantId),
  ]);
  await included.load(page.incidents);
  const report = toCoverageReport(tenant, state?.value, { ...rules, now: now() });
  return { ...page, report: withUnreadable(report, page.unreadable, now()) };
}
