import type { Caller } from '../../callers/caller.ts';
import { settleAll } from '../../concurrency.ts';
import { createSingleFlight } from '../../single-flight.ts';
import type { Tenant } from '../../tenants/tenant.ts';
import { createBoundedPage } from '../bounded-page.ts';
import type { FleetCoverage, GetFleetCoverage } from '../coverage/fleet-coverage.ts';
import { type CursorSeal, toCursorError, toForeignError } from '../cursor-seal.ts';
import type { IncidentAccess } from '../incident-access.ts';
import type { ChangeFeed, SequencedChange } from './change-feed.ts';
import { findPosition } from './find-position.ts';

/** Where and how a caller reads on. */
export interface ChangesRequest {
  readonly caller: Caller;
  /** GUID or domain; `undefined`: every tenant that the caller is granted. */
  readonly tenant: string | undefined;
  readonly cursor: string | undefined;
  /** Without a cursor: begin with what was recorded since then (epoch milliseconds), else with the oldest. */
  readonly since: number | undefined;
  readonly limit: number;
  /** How long to wait for a change when there is none; not at all while many others wait. */
  readonly waitMs: number;
}

/** A stretch of the feed as one caller sees it, of some 4 MB at most; it may be short, even empty, while `hasMore`. */
export interface ChangesAnswer {
  readonly changes: readonly SequencedChange[];
  readonly next: string;
  /** The feed went on after this stretch when it was read. */
  readonly hasMore: boolean;
  /** How complete the feed is for this caller, taken before it was read. */
  readonly coverage: FleetCoverage;
}

/** Reads the feed; rejects with `invalid_request` for a cursor that can't be resumed from. */
export type ReadChanges = (request: ChangesRequest) => Promise<ChangesAnswer>;

/** Pages of the feed that one request reads to find what its caller may see. */
const MAX_PAGES = 10;

/** Changes that are held at once, whatever the limit: at 256 KiB the largest, some 30 MB. */
const MAX_AT_ONCE_COUNT = 125;

/** How often a waiting request looks whether the feed has grown. */
const LOOK_INTERVAL = 1000;

/** Half of the requests that an instance takes at once (`perInstanceConcurrency`): nobody's token waits for waiting ones. */
const MAX_WAITING_COUNT = 8;

/** Tenants that are looked up at the same time. */
const CONCURRENCY = 10;

interface Parts {
  readonly access: IncidentAccess;
  readonly changeFeed: Pick<ChangeFeed, 'read' | 'bounds'>;
  readonly getCoverage: GetFleetCoverage;
  readonly seal: CursorSeal;
  readonly sleep: (milliseconds: number) => Promise<void>;
  readonly now: () => number;
}

/** Creates the read. Requests that wait share their looks at the feed. */
export function createReadChanges(parts: Parts): ReadChanges {
  const { changeFeed, seal, sleep, now } = parts;
  const share = createSingleFlight<{ readonly first: number; readonly last: number }>();
  const bounds = () => share('bounds', changeFeed.bounds);

  let waiting = 0;

  /** Answers whether there is something new. */
  const waitForMore = async (position: number, until: number): Promise<boolean> => {
    if (waiting >= MAX_WAITING_COUNT) return false;
    waiting++;
    try {
      while (now() < until) {
        await sleep(Math.min(LOOK_INTERVAL, until - now()));
        if ((await bounds()).last > position) return true;
      }
      return false;
    } finally {
      waiting--;
    }
  };

  return async (request) => {
    const until = now() + request.waitMs;
    let position = await findStart(parts, request);
    let stretch: Stretch;
    do {
      stretch = await readStretch(parts, request, position);
      position = stretch.position;
    } while (isNothing(stretch) && (await waitForMore(position, until)));
    const { changes, hasMore, coverage } = stretch;
    return { changes, hasMore, coverage, next: await seal.seal(KIND, String(position)) };
  };
}

const KIND = 'incident-changes';

interface Stretch {
  readonly changes: readonly SequencedChange[];
  readonly position: number;
  readonly hasMore: boolean;
  readonly coverage: FleetCoverage;
}

function isNothing({ changes, hasMore }: Stretch): boolean {
  return changes.length === 0 && !hasMore;
}

async function findStart(
  { changeFeed, seal }: Parts,
  { cursor, since }: ChangesRequest,
): Promise<number> {
  if (cursor === undefined) {
    const { first, last } = await changeFeed.bounds();
    return since === undefined ? first : await findPosition(changeFeed, since, { first, last });
  }
  const position = Number(await seal.open(KIND, cursor));
  const { first, last } = await changeFeed.bounds();
  if (position > last) throw toForeignError();
  if (position >= first) return position;
  const remedy =
    'Read GET /api/incidents?updated_since= for what was missed, then the changes without cursor.';
  throw toCursorError('is older than the changes that are kept (30 days)', remedy);
}

/** Grants are decided anew for each stretch: a cursor is no permission. */
async function readStretch(
  { access, changeFeed, getCoverage }: Parts,
  { caller, tenant: name, limit }: ChangesRequest,
  start: number,
): Promise<Stretch> {
  await access.ensureCurrent();
  const only = name && (await access.getTenant(caller, name, 'Incidents.Read')).tenantId;
  const isAsked = ({ tenantId }: Pick<Tenant, 'tenantId'>) => !only || tenantId === only;
  const coverage = await getCoverage((tenant) => isAsked(tenant) && access.mayRead(caller, tenant));
  const readable = createReadable(access, caller);
  const page = createBoundedPage<SequencedChange>(limit);
  const changes = page.rows;
  const atOnce = Math.min(limit, MAX_AT_ONCE_COUNT);
  let position = start;
  for (let looked = 0; looked < MAX_PAGES * limit && changes.length < limit; looked += atOnce) {
    const read = await changeFeed.read(position, atOnce);
    if (read.position === position) return { changes, position, hasMore: false, coverage };
    const asked = read.changes.filter(({ incident }) => isAsked(incident));
    const over = (await readable.filter(asked)).find((change) => !page.add(change));
    if (over) return { changes, position: over.sequence - 1, hasMore: true, coverage };
    position = read.position;
  }
  return { changes, position, hasMore: true, coverage };
}

/** Keeps the decision on each tenant for one stretch. */
function createReadable(access: IncidentAccess, caller: Caller) {
  const decided = new Map<string, boolean>();
  return {
    async filter(changes: readonly SequencedChange[]): Promise<readonly SequencedChange[]> {
      const fresh = new Set(changes.map(({ incident }) => incident.tenantId));
      const open = [...fresh].filter((tenantId) => !decided.has(tenantId));
      const outcomes = await settleAll(open, CONCURRENCY, async (tenantId) => {
        decided.set(tenantId, (await access.findReadable(caller, tenantId)) !== undefined);
      });
      const failed = outcomes.find((outcome) => outcome.status === 'rejected');
      if (failed) throw failed.reason;
      return changes.filter(({ incident }) => decided.get(incident.tenantId));
    },
  };
}
