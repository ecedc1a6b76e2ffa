import * as v from 'valibot';
import type { Caller } from '../callers/caller.ts';
import { settleAll } from '../concurrency.ts';
import type { BrokerError } from '../errors.ts';
import { isGuid } from '../guid.ts';
import type { Tenant, TenantStore } from '../tenants/tenant.ts';
import { createBoundedPage } from './bounded-page.ts';
import {
  type CoverageReport,
  type CoverageRules,
  toCoverageReport,
  withUnreadable,
} from './coverage/coverage-report.ts';
import { type CursorSeal, toCursorError, toForeignError } from './cursor-seal.ts';
import type { Incident } from './incident.ts';
import type { IncidentAccess } from './incident-access.ts';
import type { IncidentQuery, IncidentStore } from './incident-store.ts';
import type { SyncStateStore } from './sync/sync-state.ts';

/** Which incidents of which tenants; conditions are joined by "and". */
export interface ListQuery extends Omit<IncidentQuery, 'tenantId' | 'after'> {
  readonly caller: Caller;
  /** GUID or domain; `undefined`: every tenant that the caller is granted. */
  readonly tenant: string | undefined;
  /** Only tenants with this tag. */
  readonly tag: string | undefined;
  readonly cursor: string | undefined;
}

/** A page, of some 4 MB at most; it may be short, even empty, while there is a `next`. */
export interface ListPage {
  readonly incidents: readonly Incident[];
  readonly next: string | undefined;
  /** Of each tenant that was looked at, in order. */
  readonly coverage: readonly CoverageReport[];
}

/** Lists incidents by tenant in GUID order, and newest id first within. */
export type ListIncidents = (query: ListQuery) => Promise<ListPage>;

/** Tenants that are read at the same time, and at most in one request. */
const SLICE = 10;
const MAX_TENANTS_COUNT = 100;

/** Tenants on file that one request looks through for those that the caller is granted. */
const MAX_ON_FILE_COUNT = 1000;

/** After a tenant, or within one after an incident. */
const positionSchema = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({
    tenantId: v.pipe(v.string(), v.check(isGuid)),
    incidentId: v.optional(v.pipe(v.string(), v.regex(/^\d{1,19}$/))),
  }),
);
type Position = v.InferOutput<typeof positionSchema>;

interface Parts {
  readonly access: IncidentAccess;
  readonly tenants: Pick<TenantStore, 'list'>;
  readonly incidents: Pick<IncidentStore, 'list'>;
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
    const page = await readPage(parts, query, { tenants, from });
    const position = page.position ?? next;
    return {
      incidents: page.incidents,
      coverage: page.coverage,
      next: position && (await parts.seal.seal('incidents', JSON.stringify(position))),
    };
  };
}

async function readPosition(
  seal: CursorSeal,
  cursor: string | undefined,
): Promise<Position | undefined> {
  if (cursor === undefined) return undefined;
  const position = v.safeParse(positionSchema, await seal.open('incidents', cursor));
  if (position.success) return position.output;
  throw toForeignError();
}

/** The tenants that this request looks at, and where the next one goes on. */
async function findTenants(
  { access, tenants }: Parts,
  { caller, tenant: name, tag }: ListQuery,
  from: Position | undefined,
): Promise<{ tenants: readonly Tenant[]; next: Position | undefined }> {
  const hasTag = ({ tags }: Tenant) => tag === undefined || tags.includes(tag);
  if (name !== undefined) {
    const tenant = await access.getTenant(caller, name, 'Incidents.Read');
    if (from && (from.tenantId !== tenant.tenantId || !from.incidentId)) throw toOtherQueryError();
    return { tenants: [tenant].filter(hasTag), next: undefined };
  }
  const begun = from?.incidentId && (await access.findReadable(caller, from.tenantId));
  const found = begun ? [begun].filter(hasTag) : [];
  const page = await tenants.list({
    limit: MAX_ON_FILE_COUNT,
    ...(from && { after: from.tenantId }),
  });
  for (const tenant of page.tenants.filter(hasTag)) {
    if (!(await access.mayRead(caller, tenant))) continue;
    if (found.length === MAX_TENANTS_COUNT) return { tenants: found, next: toEnd(found) };
    found.push(tenant);
  }
  return { tenants: found, next: page.next === undefined ? undefined : { tenantId: page.next } };
}

function toOtherQueryError(): BrokerError {
  return toCursorError('is of another query', 'Send it with the same parameters as before.');
}

function toEnd(tenants: readonly Tenant[]): Position | undefined {
  const last = tenants.at(-1);
  return last && toPosition(last);
}

interface Look {
  readonly report: CoverageReport;
  readonly incidents: readonly Incident[];
  readonly next: string | undefined;
}

/** Fills the page tenant by tenant; `position` is where it ends before the last tenant does. */
async function readPage(
  parts: Parts,
  query: ListQuery,
  { tenants, from }: { tenants: readonly Tenant[]; from: Position | undefined },
) {
  const page = createBoundedPage<Incident>(query.limit);
  const incidents = page.rows;
  const coverage: CoverageReport[] = [];
  for await (const { report, ...found } of lookAhead(parts, query, { tenants, from })) {
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
  { tenants, from }: { tenants: readonly Tenant[]; from: Position | undefined },
): AsyncGenerator<Look> {
  for (let at = 0; at < tenants.length; at += SLICE) {
    const slice = tenants.slice(at, at + SLICE);
    const read = (tenant: Tenant) => look(parts, query, { tenant, from });
    for (const outcome of await settleAll(slice, SLICE, read)) {
      if (outcome.status === 'rejected') throw outcome.reason;
      yield outcome.value;
    }
  }
}

function toPosition({ tenantId }: { tenantId: string }, incidentId?: string): Position {
  return { tenantId, incidentId };
}

async function look(
  { incidents, syncStates, rules, now }: Parts,
  { caller, tenant: name, tag, cursor, ...conditions }: ListQuery,
  { tenant, from }: { tenant: Tenant; from: Position | undefined },
): Promise<Look> {
  const { tenantId } = tenant;
  const after = from?.tenantId === tenantId ? from.incidentId : undefined;
  const [page, state] = await Promise.all([
    incidents.list({ ...conditions, tenantId, after }),
    syncStates.find(tenantId),
  ]);
  const report = toCoverageReport(tenant, state?.value, { ...rules, now: now() });
  return { ...page, report: withUnreadable(report, page.unreadable, now()) };
}
