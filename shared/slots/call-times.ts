/** Calls that are remembered: enough for a median, few enough to follow a change within seconds. */
const MAX_SAMPLES_COUNT = 63;

/** Before so many calls have ended, what they usually take is not known. */
const MIN_SAMPLES_COUNT = 9;

/** A multiple of the usual time, within bounds. Milliseconds. */
interface Limit {
  readonly factor: number;
  readonly minMs: number;
  readonly maxMs: number;
  /** While the usual time is not known. */
  readonly unknownMs: number;
}

/**
 * Where a third of the servers hang, the others wait for 1.5 times the usual time in every third
 * slot: together with what the third does not do, that is little more than without them.
 */
const SLOW: Limit = { factor: 1.5, minMs: 20, maxMs: 2000, unknownMs: 500 };

/** Far more than calls take that will be answered, and less than their time-out. */
const STOP: Limit = { factor: 8, minMs: 2000, maxMs: 10_000, unknownMs: 10_000 };

/** What the calls of one kind of work usually take. */
export interface CallTimes {
  /** A call ended after so many milliseconds. */
  note(ms: number): void;
  /** A call that takes so long is slow, in milliseconds. */
  toSlowMs(): number;
  /** A call that has taken so long may be stopped, in milliseconds. */
  toStopMs(): number;
}

/**
 * Creates the times of a process's last calls. The usual time is their median: a third of the calls
 * may be slow and does not move it.
 */
export function createCallTimes(): CallTimes {
  const times: number[] = [];
  let next = 0;
  let median: number | undefined;

  const toMs = ({ factor, minMs, maxMs, unknownMs }: Limit) => {
    if (times.length < MIN_SAMPLES_COUNT) return unknownMs;
    median ??= times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? unknownMs;
    return Math.min(maxMs, Math.max(minMs, factor * median));
  };

  return {
    note(ms) {
      times[next] = ms;
      next = (next + 1) % MAX_SAMPLES_COUNT;
      median = undefined;
    },
    toSlowMs: () => toMs(SLOW),
    toStopMs: () => toMs(STOP),
  };
}
