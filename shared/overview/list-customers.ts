import { mapAll } from '../concurrency.ts';
import type { CoverageRules, KnownState } from '../incidents/coverage/coverage-report.ts';
import { type CoverageReport, toCoverageReport } from '../incidents/coverage/coverage-report.ts';
import type { FleetDirectory, Standing } from '../incidents/coverage/fleet-coverage.ts';
import type { SyncStateStore } from '../incidents/sync/sync-state.ts';
import type { TenantQuery } from '../tenant-administration.ts';
import type { Tenant, TenantPage, TenantStatus } from '../tenants/tenant.ts';

/** Which tenants to list. */
interface CustomerQuery {
  readonly status: TenantStatus | undefined;
  readonly tag: string | undefined;
  /** A part of the name, the domain or the id, without regard to case. */
  readonly text: string | undefined;
  /** The GUID of the last tenant of the page before. */
  readonly after: string | undefined;
  readonly limit: number;
}

/** A tenant with how complete its incidents are. */
export interface Customer {
  readonly tenant: Tenant;
  readonly report: CoverageReport;
}

/** One page of customers in GUID order. */
interface CustomerPage {
  readonly customers: readonly Customer[];
  readonly next: string | undefined;
}

/** Lists tenants with what is known of their incidents. */
export type ListCustomers = (query: CustomerQuery) => Promise<CustomerPage>;

/** Sync states of a page that are read at once. */
const CONCURRENCY = 16;

/**
 * Creates the list. Tenants come from storage, as they are now; how complete they are comes from
 * the view of all tenants, if this process has it, else from their own states. A search by tag or
 * text reads that view alone, which is a little older: no index of a table finds a part of
 * a text, and a tag that few have would be looked for in every row.
 */
export function createListCustomers(parts: {
  list: (query: TenantQuery) => Promise<TenantPage>;
  fleet: FleetDirectory;
  syncStates: Pick<SyncStateStore, 'find'>;
  rules: CoverageRules;
  now: () => number;
}): ListCustomers {
  const { fleet, syncStates, now } = parts;
  const toCustomer = (tenant: Tenant, state: KnownState | undefined): Customer => {
    return { tenant, report: toCoverageReport(tenant, state, { ...parts.rules, now: now() }) };
  };
  return async (query) => {
    if (query.tag !== undefined || query.text !== undefined) {
      const { page, next } = search((await fleet.get('all')) ?? [], query);
      return { customers: page.map((one) => toCustomer(one.tenant, toKnown(one))), next };
    }
    const { tenants, next } = await parts.list(query);
    const held = fleet.findHeld('all');
    const known = held && now() < held.until ? toIndex(held.record) : undefined;
    const customers = await mapAll(tenants, CONCURRENCY, async (tenant) => {
      const { tenantId } = tenant;
      const find = async () => (await syncStates.find(tenantId))?.value;
      return toCustomer(tenant, known ? toKnown(known.get(tenantId)) : await find());
    });
    return { customers, next };
  };
}

function toIndex(standings: readonly Standing[]): ReadonlyMap<string, Standing> {
  return new Map(standings.map((standing) => [standing.tenant.tenantId, standing]));
}

function search(
  standings: readonly Standing[],
  { status, tag, text = '', after = '', limit }: CustomerQuery,
): { readonly page: readonly Standing[]; readonly next: string | undefined } {
  const wanted = text.toLowerCase();
  const found = standings.filter(
    ({ tenant }) =>
      tenant.tenantId > after &&
      (status === undefined || tenant.status === status) &&
      (tag === undefined || tenant.tags.includes(tag)) &&
      toSearchText(tenant).includes(wanted),
  );
  const page = found.slice(0, limit);
  return { page, next: found.length > limit ? page.at(-1)?.tenant.tenantId : undefined };
}

function toSearchText({ tenantId, displayName = '', domain = '' }: Tenant): string {
  return `${displayName}\n${domain}\n${tenantId}`.toLowerCase();
}

function toKnown(standing: Standing | undefined): KnownState | undefined {
  if (!standing) return undefined;
  const { completeUpTo, failure, skipped } = standing;
  return { coverage: completeUpTo && { completeUpTo }, failure, skipped };
}
