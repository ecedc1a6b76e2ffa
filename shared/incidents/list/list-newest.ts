import * as v from 'valibot';
import type { Tenant } from '../../tenants/tenant.ts';
import { createBoundedPage } from '../bounded-page.ts';
import type { FleetCoverage, GetFleetCoverage } from '../coverage/fleet-coverage.ts';
import type { CursorSeal } from '../cursor-seal.ts';
import type { Incident } from '../incident.ts';
import type { IncidentAccess } from '../incident-access.ts';
import type { IncidentOrder, OrderEntry } from '../incident-order.ts';
import type { IncidentStore } from '../incident-store.ts';
import { createReadableTenants } from '../readable-tenants.ts';
import { createIncludedRaws, type IncludedRaws, type Raws } from './included-raws.ts';
import { toOtherQueryError } from './list-position.ts';
import type { ListQuery } from './list-query.ts';

/**
 * A page of incidents, the last updated first; it may be short, even empty, while there is a
 * `next`.
 */
interface NewestPage {
  readonly incidents: readonly Incident[];
  readonly raws: Raws;
  /** Stored incidents that do not hold what was written. */
  readonly unreadable: number;
  readonly next: string | undefined;
  /** How complete all of this is, taken before it was read. */
  readonly coverage: FleetCoverage;
}

/** Lists incidents of all tenants that the caller is granted, the last updated first. */
export type ListNewest = (query: ListQuery) => Promise<NewestPage>;

/** Entries that one request looks at to find what its caller may see, in blocks. */
const MAX_LOOKED_COUNT = 2000;
const BLOCK = 100;

/** Entries that are read at the same time with their JSON: 25 MB at the most. */
const RAW_BLOCK = 25;

const positionSchema = v.pipe(v.string(), v.parseJson(), v.object({ after: v.string() }));

interface Parts {
  readonly access: IncidentAccess;
  readonly order: Pick<IncidentOrder, 'list'>;
  readonly incidents: Pick<IncidentStore, 'findListed' | 'findRaws'>;
  readonly getCoverage: GetFleetCoverage;
  readonly seal: CursorSeal;
}

/** Creates the list. */
export function createListNewest(parts: Parts): ListNewest {
  const { access, seal, getCoverage } = parts;
  return async (query) => {
    const { caller, tenant: name, tag, cursor } = query;
    const from = await readPosition(seal, cursor);
    await access.ensureCurrent();
    const only = name && (await access.getTenant(caller, name, 'Incidents.Read')).tenantId;
    const isAsked = ({ tenantId, tags }: Tenant) =>
      (!only || tenantId === only) && (tag === undefined || tags.includes(tag));
    const coverage = await getCoverage(
      (tenant) => isAsked(tenant) && access.mayRead(caller, tenant),
    );
    const included = createIncludedRaws(parts.incidents, query.withRaw ?? false);
    const page = await readPage(parts, query, { from, only: only || undefined, isAsked, included });
    const { incidents, unreadable, position } = page;
    const next =
      position === undefined
        ? undefined
        : await seal.seal('incidents', JSON.stringify({ after: position }));
    return { incidents, raws: included.raws, unreadable, next, coverage };
  };
}

async function readPosition(
  seal: CursorSeal,
  cursor: string | undefined,
): Promise<string | undefined> {
  if (cursor === undefined) return undefined;
  const position = v.safeParse(positionSchema, await seal.open('incidents', cursor));
  if (position.success) return position.output.after;
  throw toOtherQueryError();
}

/** What one request reads. */
interface TenantReading {
  readonly from: string | undefined;
  readonly only: string | undefined;
  readonly isAsked: (tenant: Tenant) => boolean;
  readonly included: IncludedRaws;
}

/** Fills the page block by block; `position` is where it ends, `undefined` at the end of all. */
async function readPage(parts: Parts, query: ListQuery, reading: TenantReading) {
  const { severities, statuses, assignedTo, updatedSince, withRaw } = query;
  const page = createBoundedPage<Incident>(query.limit, reading.included.sizeOf);
  const readable = createReadableTenants(parts.access, query.caller, reading.isAsked);
  const limit = withRaw ? RAW_BLOCK : BLOCK;
  let position = reading.from;
  let unreadable = 0;
  for (let looked = 0; looked < MAX_LOOKED_COUNT; looked += limit) {
    const conditions = { severities, statuses, assignedTo, updatedSince, limit };
    const block = await parts.order.list({
      ...conditions,
      tenantId: reading.only,
      after: position,
    });
    for (const one of await readBlock(parts, { ...query, ...reading, readable }, block.entries)) {
      if (one.incident === 'unreadable') unreadable++;
      else if (!page.add(one.incident)) return { incidents: page.rows, unreadable, position };
      position = one.position;
    }
    if (block.next === undefined) return { incidents: page.rows, unreadable, position: undefined };
    position = block.next;
  }
  return { incidents: page.rows, unreadable, position };
}

/** An entry with what it stands for. */
interface Found {
  readonly position: string;
  readonly incident: Incident | 'unreadable';
}

/** What a block of entries still stands for, and what the caller may see of it. */
async function readBlock(
  { incidents }: Parts,
  {
    readable,
    included,
    createdSince = '',
  }: TenantReading & {
    readonly readable: ReturnType<typeof createReadableTenants>;
    readonly createdSince?: string | undefined;
  },
  entries: readonly OrderEntry[],
): Promise<readonly Found[]> {
  await readable.decide(entries.map(({ tenantId }) => tenantId));
  const visible = entries.filter(({ tenantId }) => readable.has(tenantId));
  const listed = await incidents.findListed(visible);
  const read = visible.flatMap(({ position, lastUpdateAt }, index): readonly Found[] => {
    const incident = listed[index];
    if (!incident || incident === 'unreadable') return incident ? [{ position, incident }] : [];
    // Another version stands elsewhere in the order.
    if (incident.lastUpdateAt !== lastUpdateAt) return [];
    const { createdAt = lastUpdateAt } = incident;
    return createdAt >= createdSince ? [{ position, incident }] : [];
  });
  await included.load(read.flatMap(({ incident }) => (incident === 'unreadable' ? [] : incident)));
  return read;
}
