import { MINUTE } from '../time.ts';
import { type CallTimes, createCallTimes } from './call-times.ts';
import { createOccupant, findLongest, type Occupant } from './occupant.ts';

/** How many works run at once. */
export interface LaneSizes {
  /** Works whose call may still end in the usual time, and works between two calls. */
  readonly slots: number;
  /** Works beside them that wait for a slow call. */
  readonly slowCalls: number;
  /** Whether the longest of the slow calls are stopped when there are more of them. */
  readonly stopsCalls: boolean;
}

/** The two lanes of one kind of work: the slots, and the slow calls beside them. */
export interface Lanes {
  /** Resolves with a slot; `undefined`: none came in three minutes. */
  enter(): Promise<Occupant | undefined>;
  /** The work begins a call of another server. */
  beginCall(occupant: Occupant): void;
  /** The call ended; resolves when the work has a slot again. */
  endCall(occupant: Occupant): Promise<void>;
  /** The work ended. */
  leave(occupant: Occupant): void;
}

/** The time that lanes go by. */
export interface LaneClock {
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<unknown>;
}

/**
 * A message's function ends after ten minutes, its wait for a slot included; works take four at
 * most.
 */
const MAX_WAIT_MS = 3 * MINUTE;

/** A work that has not begun. */
interface Place extends PromiseWithResolvers<Occupant | undefined> {
  readonly since: number;
}

interface State {
  readonly sizes: LaneSizes;
  readonly clock: LaneClock;
  readonly inSlot: Set<Occupant>;
  readonly slow: Set<Occupant>;
  /** Works that have not begun, in the order in which they came. */
  readonly coming: Place[];
  /** Slow works whose call ended. */
  readonly returning: Map<Occupant, PromiseWithResolvers<void>>;
  readonly times: CallTimes;
  /** How many calls may be stopped. */
  stops: number;
  /** When it looks again by itself. */
  wakesAt: number;
}

/** Creates the lanes of one kind of work. */
export function createLanes(sizes: LaneSizes, clock: LaneClock): Lanes {
  const state: State = {
    ...{ sizes, clock, inSlot: new Set(), slow: new Set(), coming: [], returning: new Map() },
    ...{ times: createCallTimes(), stops: 0, wakesAt: Number.POSITIVE_INFINITY },
  };
  return {
    enter() {
      const place = Promise.withResolvers<Occupant | undefined>();
      state.coming.push({ ...place, since: clock.now() });
      review(state);
      return place.promise;
    },
    beginCall(occupant) {
      if (occupant.calls++ === 0) occupant.waitsSince = clock.now();
      arm(state);
    },
    async endCall(occupant) {
      recordCall(state, occupant);
      const isBetweenCalls = occupant.calls === 0;
      if (isBetweenCalls && state.slow.has(occupant)) await comeBack(state, occupant);
    },
    leave(occupant) {
      state.inSlot.delete(occupant);
      state.slow.delete(occupant);
      release(state, occupant);
      review(state);
    },
  };
}

/** A call that ended in the usual time allows that another one is stopped. */
function recordCall(state: State, occupant: Occupant): void {
  const { times, sizes, clock } = state;
  const ms = clock.now() - occupant.waitsSince;
  if (ms < times.toSlowMs()) state.stops = Math.min(state.stops + 1, sizes.slowCalls);
  times.note(ms);
  occupant.calls--;
  occupant.waitsSince = clock.now();
}

async function comeBack(state: State, occupant: Occupant): Promise<void> {
  const place = state.returning.get(occupant) ?? Promise.withResolvers<void>();
  state.returning.set(occupant, place);
  review(state);
  await place.promise;
}

/** Gives every place that is free to those who wait: works that began go first. */
function review(state: State): void {
  const { coming, returning, inSlot, slow } = state;
  sendAway(state);
  while (isWaiting(state) && makeRoom(state)) {
    const [back] = returning.keys();
    if (back) slow.delete(back);
    const occupant = back ?? createOccupant();
    inSlot.add(occupant);
    if (back) release(state, back);
    else coming.shift()?.resolve(occupant);
  }
  arm(state);
}

/** A work that has waited for too long waits no more. */
function sendAway({ coming, clock }: State): void {
  while (coming[0] && clock.now() - coming[0].since >= MAX_WAIT_MS) {
    coming.shift()?.resolve(undefined);
  }
}

function isWaiting({ coming, returning }: State): boolean {
  return coming.length > 0 || returning.size > 0;
}

function release({ returning }: State, occupant: Occupant): void {
  returning.get(occupant)?.resolve();
  returning.delete(occupant);
}

/** Whether there is a slot now. A work that comes back changes places with one that waits. */
function makeRoom(state: State): boolean {
  const { inSlot, slow, sizes, returning } = state;
  if (inSlot.size < sizes.slots) return true;
  const longest = findLongest(inSlot);
  if (!longest || !hasWaited(state, longest, state.times.toSlowMs())) return false;
  if (slow.size >= sizes.slowCalls && returning.size === 0) {
    if (sizes.stopsCalls) stopLongest(state);
    return false;
  }
  inSlot.delete(longest);
  slow.add(longest);
  return true;
}

/**
 * Stops a call for each work that keeps its slot although its call is slow. Where every server is
 * slow, nothing is stopped: no call ends in the usual time, and all would only fail.
 */
function stopLongest(state: State): void {
  const slowMs = state.times.toSlowMs();
  const late = [...state.inSlot].filter((one) => one.calls > 0 && hasWaited(state, one, slowMs));
  const stopping = [...state.slow].filter(({ stop }) => stop.signal.aborted);
  for (let wanted = late.length - stopping.length; wanted > 0 && state.stops > 0; wanted--) {
    const longest = findLongest(state.slow);
    if (!longest || !hasWaited(state, longest, state.times.toStopMs())) return;
    state.stops--;
    longest.stop.abort(new Error('The call took long, and others needed its place.'));
  }
}

/** While a work waits, looks again as soon as a call becomes slow, or may be stopped. */
function arm(state: State): void {
  if (!isWaiting(state)) return;
  const { clock, inSlot, slow, coming, times } = state;
  const at = Math.min(
    findNext(state, inSlot, times.toSlowMs()),
    findNext(state, slow, times.toStopMs()),
    coming[0] ? coming[0].since + MAX_WAIT_MS : Number.POSITIVE_INFINITY,
  );
  if (at >= state.wakesAt) return;
  state.wakesAt = at;
  void clock.sleep(Math.max(1, at - clock.now())).then(() => {
    if (state.wakesAt === at) state.wakesAt = Number.POSITIVE_INFINITY;
    review(state);
  });
}

/** When the next call reaches a limit: one that has reached it waits for others. */
function findNext({ clock }: State, occupants: ReadonlySet<Occupant>, limitMs: number): number {
  const longest = findLongest(occupants);
  const at = longest ? longest.waitsSince + limitMs : Number.POSITIVE_INFINITY;
  return at > clock.now() ? at : Number.POSITIVE_INFINITY;
}

function hasWaited({ clock }: State, { waitsSince }: Occupant, limitMs: number): boolean {
  return clock.now() - waitsSince >= limitMs;
}
