import { toDelayMs } from '../../retry/delay.ts';
import { createSingleFlight } from '../../single-flight.ts';
import type { GetFleetCoverage } from '../coverage/fleet-coverage.ts';
import { type CursorSeal, toCursorError, toForeignError } from '../cursor-seal.ts';
import type { IncidentAccess } from '../incident-access.ts';
import type { IncidentStore } from '../incident-store.ts';
import type { ChangeFeed } from './change-feed.ts';
import { findPosition } from './find-position.ts';
import { isNothing, readStretch, type Stretch, type StretchRequest } from './read-stretch.ts';

/** Where and how a caller reads on. */
export interface ChangesRequest extends StretchRequest {
  readonly cursor: string | undefined;
  /**
   * Without a cursor: begin with what was recorded since then (epoch milliseconds), else with the
   * oldest.
   */
  readonly since: number | undefined;
  /**
   * How long to wait for a change when there is none; not at all while many others wait, or some of
   * the same caller.
   */
  readonly waitMs: number;
}

/** A stretch of the feed with the cursor behind it. */
export interface ChangesAnswer extends Omit<Stretch, 'position'> {
  readonly next: string;
}

/** Reads the feed; rejects with `invalid_request` for a cursor that can't be resumed from. */
export type ReadChanges = (request: ChangesRequest) => Promise<ChangesAnswer>;

/**
 * Half of the requests that an instance takes at once (`perInstanceConcurrency`): nobody's token
 * waits for waiting ones.
 */
const MAX_WAITING_COUNT = 8;

/** Of these, what one caller may take: it keeps nobody else from waiting. */
const MAX_WAITING_OF_CALLER = 3;

interface Parts {
  readonly access: IncidentAccess;
  readonly incidents: Pick<IncidentStore, 'findRaws'>;
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

  const waiting: string[] = [];

  /** Answers whether there is something new. */
  const waitForMore = async (callerId: string, position: number, until: number) => {
    const own = waiting.filter((id) => id === callerId);
    if (waiting.length >= MAX_WAITING_COUNT || own.length >= MAX_WAITING_OF_CALLER) return false;
    waiting.push(callerId);
    try {
      while (now() < until) {
        await sleep(Math.min(toDelayMs('poll.feed'), until - now()));
        if ((await bounds()).last > position) return true;
      }
      return false;
    } finally {
      waiting.splice(waiting.indexOf(callerId), 1);
    }
  };

  return async (request) => {
    const until = now() + request.waitMs;
    let position = await findStart(parts, request);
    let stretch: Stretch;
    do {
      stretch = await readStretch(parts, request, position);
      position = stretch.position;
    } while (isNothing(stretch) && (await waitForMore(request.caller.id, position, until)));
    const { position: _position, ...seen } = stretch;
    return { ...seen, next: await seal.seal(KIND, String(position)) };
  };
}

const KIND = 'incident-changes';

const POSITION = /^\d{1,16}$/;

async function findStart(
  { changeFeed, seal }: Parts,
  { cursor, since }: ChangesRequest,
): Promise<number> {
  if (cursor === undefined) {
    const { first, last } = await changeFeed.bounds();
    return since === undefined ? first : await findPosition(changeFeed, since, { first, last });
  }
  const text = await seal.open(KIND, cursor);
  if (!POSITION.test(text)) throw toForeignError();
  const position = Number(text);
  const { first, last } = await changeFeed.bounds();
  if (position > last) throw toForeignError();
  if (position >= first) return position;
  const remedy =
    'Read GET /api/incidents?updated_since= for what was missed, then the changes without cursor.';
  throw toCursorError('is older than the changes that are kept (30 days)', remedy);
}
