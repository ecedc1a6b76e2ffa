import type { Caller } from '../../callers/caller.ts';
import { createBoundedPage } from '../bounded-page.ts';
import type { FleetCoverage, GetFleetCoverage } from '../coverage/fleet-coverage.ts';
import type { IncidentAccess } from '../incident-access.ts';
import type { IncidentStore } from '../incident-store.ts';
import { createIncludedRaws, type Raws } from '../list/included-raws.ts';
import { createReadableTenants } from '../readable-tenants.ts';
import type { ChangeFeed, ChangeKind, FeedPage, SequencedChange } from './change-feed.ts';

/** Whose changes a caller reads, and how many at most. */
export interface StretchRequest {
  readonly caller: Caller;
  /** GUID or domain; `undefined`: every tenant that the caller is granted. */
  readonly tenant: string | undefined;
  /** Only these, if given. */
  readonly severities?: readonly string[] | undefined;
  readonly kinds?: readonly ChangeKind[] | undefined;
  readonly limit: number;
  /** With the API's JSON of each incident as it is stored now; stretches are shorter then. */
  readonly withRaw?: boolean | undefined;
}

/**
 * A stretch of the feed as one caller sees it, of some 4 MB at most; it may be short, even empty,
 * while `hasMore`.
 */
export interface Stretch {
  /** The one tenant that was asked for; `undefined`: all that the caller is granted. */
  readonly tenantId: string | undefined;
  readonly changes: readonly SequencedChange[];
  readonly raws: Raws;
  /** Changes that do not hold what was written: what they said is lost, the incidents are not. */
  readonly unreadable: number;
  readonly position: number;
  /** The feed went on after this stretch when it was read. */
  readonly hasMore: boolean;
  /** How complete the feed is for this caller, taken before it was read. */
  readonly coverage: FleetCoverage;
}

/** Whether a stretch brought nothing, at the end of the feed. */
export function isNothing({ changes, unreadable, hasMore }: Stretch): boolean {
  return changes.length === 0 && unreadable === 0 && !hasMore;
}

/** Pages of the feed that one request reads to find what its caller may see. */
const MAX_PAGES = 10;

/** Changes that are held at once, whatever the limit: at 256 KiB the largest, some 30 MB. */
const MAX_AT_ONCE_COUNT = 125;

/** The same with their JSON: 25 MB more at the most. */
const MAX_WITH_RAW_COUNT = 25;

interface Parts {
  readonly access: IncidentAccess;
  readonly changeFeed: Pick<ChangeFeed, 'read'>;
  readonly incidents: Pick<IncidentStore, 'findRaws'>;
  readonly getCoverage: GetFleetCoverage;
}

/** Grants are decided anew for each stretch: a cursor is no permission. */
export async function readStretch(
  { access, changeFeed, incidents, getCoverage }: Parts,
  request: StretchRequest,
  start: number,
): Promise<Stretch> {
  const { caller, tenant: name, limit, withRaw = false } = request;
  await access.ensureCurrent();
  const only = name && (await access.getTenant(caller, name, 'Incidents.Read')).tenantId;
  const tenantId = only || undefined;
  const isAsked = (id: string) => !tenantId || id === tenantId;
  const coverage = await getCoverage(
    (tenant) => isAsked(tenant.tenantId) && access.mayRead(caller, tenant),
  );
  const readable = createReadableTenants(access, caller);
  const included = createIncludedRaws(incidents, withRaw);
  const { raws } = included;
  const page = createBoundedPage<SequencedChange>(limit, ({ incident }) =>
    included.sizeOf(incident),
  );
  const changes = page.rows;
  const atOnce = Math.min(limit, withRaw ? MAX_WITH_RAW_COUNT : MAX_AT_ONCE_COUNT);
  let position = start;
  let unreadable = 0;
  const toStretch = (hasMore: boolean) => {
    return { tenantId, changes, raws, unreadable, position, hasMore, coverage };
  };
  for (let looked = 0; looked < MAX_PAGES * limit && changes.length < limit; looked += atOnce) {
    const read = await changeFeed.read(position, atOnce);
    if (read.position === position) return toStretch(false);
    await readable.decide(listTenants(read).filter(isAsked));
    const shown = read.changes
      .filter(({ incident }) => readable.has(incident.tenantId))
      .filter((change) => passes(change, request));
    await included.load(shown.map(({ incident }) => incident));
    const over = shown.find((change) => !page.add(change));
    position = over ? over.sequence - 1 : read.position;
    unreadable += read.unreadable
      .filter(({ sequence }) => sequence <= position)
      .filter(({ tenantId }) => tenantId === undefined || readable.has(tenantId)).length;
    if (over) return toStretch(true);
  }
  return toStretch(true);
}

function passes(
  { kind, incident }: SequencedChange,
  { severities, kinds }: Pick<StretchRequest, 'severities' | 'kinds'>,
): boolean {
  if (severities && !severities.includes(incident.severity)) return false;
  return !kinds || kinds.includes(kind);
}

function listTenants({ changes, unreadable }: FeedPage): readonly string[] {
  const ids = [
    ...changes.map(({ incident }) => incident.tenantId),
    ...unreadable.flatMap(({ tenantId }) => tenantId ?? []),
  ];
  return [...new Set(ids)];
}
