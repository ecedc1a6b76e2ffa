import type { CoverageRules } from '../incidents/coverage/coverage-report.ts';
import { type CoverageReport, toCoverageReport } from '../incidents/coverage/coverage-report.ts';
import type { FleetDirectory, Standing } from '../incidents/coverage/fleet-coverage.ts';
import type { Tenant, TenantPage, TenantStatus } from '../tenants/tenant.ts';

/** Which tenants to list. */
export interface CustomerQuery {
  readonly status: TenantStatus | undefined;
  readonly tag: string | undefined;
  /** A part of the name or of the id, without regard to case. */
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
export interface CustomerPage {
  readonly customers: readonly Customer[];
  readonly next: string | undefined;
}

/** Lists tenants with what is known of their incidents. */
export type ListCustomers = (query: CustomerQuery) => Promise<CustomerPage>;

/**
 * Creates the list. Tenants come from storage, as they are now; how complete they are comes from
 * the view of all tenants, which is at most ten seconds old. A search by text reads that view
 * alone: no index of a table finds a part of a name.
 */
export function createListCustomers({
  list,
  fleet,
  rules,
  now,
}: {
  list: (query: Omit<CustomerQuery, 'text'>) => Promise<TenantPage>;
  fleet: FleetDirectory;
  rules: CoverageRules;
  now: () => number;
}): ListCustomers {
  return async (query) => {
    const standings = (await fleet.get('all')) ?? [];
    const { tenants, next } =
      query.text === undefined ? await list(query) : search(standings, query, query.text);
    const known = new Map(standings.map((standing) => [standing.tenant.tenantId, standing]));
    const customers = tenants.map((tenant) => {
      const standing = known.get(tenant.tenantId);
      return { tenant, report: toReport(tenant, standing, { ...rules, now: now() }) };
    });
    return { customers, next };
  };
}

function search(standings: readonly Standing[], query: CustomerQuery, text: string): TenantPage {
  const wanted = text.toLowerCase();
  const { status, tag, after = '', limit } = query;
  const found = standings
    .map(({ tenant }) => tenant)
    .filter((tenant) => tenant.tenantId > after)
    .filter((tenant) => status === undefined || tenant.status === status)
    .filter((tenant) => tag === undefined || tenant.tags.includes(tag))
    .filter((tenant) => toSearchText(tenant).includes(wanted));
  const page = found.slice(0, limit);
  return { tenants: page, next: found.length > limit ? page.at(-1)?.tenantId : undefined };
}

function toSearchText({ tenantId, displayName = '' }: Tenant): string {
  return `${displayName}\n${tenantId}`.toLowerCase();
}

function toReport(
  tenant: Tenant,
  standing: Standing | undefined,
  rules: CoverageRules & { readonly now: number },
): CoverageReport {
  const { completeUpTo, failure, skipped = [] } = standing ?? {};
  const coverage = completeUpTo && { completeUpTo };
  return toCoverageReport(tenant, { coverage, failure, skipped }, rules);
}
