import { findServerTime } from './retry/retry-after.ts';

/**
 * A clock that follows a server's.
 *
 * Several processes read the times that one of them wrote: when a token is to be refreshed, until
 * when a lease holds. If the clock of one is four minutes ahead and another's four behind, each
 * finds the other's tokens old and its leases over, and takes both away. So these times are the
 * server's, which every process learns from the `Date` of its answers.
 *
 * One odd answer must not move the time for everybody: of the last five answers more than half have
 * to agree, and two at least. Until then, and where no answer has a `Date`, the process's own clock
 * counts.
 */
interface ServerClock {
  /** The server's time, as far as it is known, in epoch milliseconds. */
  readonly now: () => number;
  /** The server's time at a time of the process's own clock. */
  readonly toServerTime: (ownTime: number) => number;
  /** Wraps the requests to the server, so that its answers set the clock. */
  readonly observe: (fetch: typeof globalThis.fetch) => typeof globalThis.fetch;
}

const MAX_OBSERVATIONS_COUNT = 5;

/** Two answers that differ by more do not tell the same time. */
const AGREEMENT_MS = 10_000;

/** `Date` has whole seconds, and answers take some time: less than this is no difference. */
const HTTP_DATE_ROUNDING_MS = 2000;

/** Of an answer that took longer nobody knows when its `Date` was written. */
const MAX_ROUND_TRIP_MS = 5000;

/** Creates the clock over the process's own. */
export function createServerClock(ownNow: () => number): ServerClock {
  const offsets: number[] = [];
  let applied = 0;

  const note = (offset: number): void => {
    offsets.push(offset);
    if (offsets.length > MAX_OBSERVATIONS_COUNT) offsets.shift();
    const median = offsets.toSorted((a, b) => a - b)[Math.floor((offsets.length - 1) / 2)] ?? 0;
    const agreeing = offsets.filter((one) => Math.abs(one - median) <= AGREEMENT_MS).length;
    const isKnown = agreeing >= 2 && agreeing > offsets.length / 2;
    if (isKnown && Math.abs(median - applied) > HTTP_DATE_ROUNDING_MS) applied = median;
  };

  return {
    now: () => ownNow() + applied,
    toServerTime: (ownTime) => ownTime + applied,
    observe: (fetch) => async (input, init) => {
      const sentAt = ownNow();
      const response = await fetch(input, init);
      const receivedAt = ownNow();
      const serverTime = findServerTime(response.headers);
      // What comes out of a cache tells the time at which it went in.
      const isFresh = !response.headers.has('age');
      const roundTrip = receivedAt - sentAt;
      const isTimely = roundTrip >= 0 && roundTrip <= MAX_ROUND_TRIP_MS;
      if (serverTime !== undefined && isFresh && isTimely) note(serverTime - receivedAt);
      return response;
    },
  };
}
