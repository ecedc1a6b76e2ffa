/** A clock that stands until it is moved. Epoch milliseconds. */
interface Clock {
  readonly now: () => number;
  /** Moves the clock on. */
  readonly pass: (milliseconds: number) => void;
}

/** Saturday, 21 November 2026, 09:00 UTC. */
const START = Date.UTC(2026, 10, 21, 9);

/** Creates a clock that stands at `START`. */
export function createClock(start = START): Clock {
  let time = start;
  return {
    now: () => time,
    pass: (milliseconds) => {
      time += milliseconds;
    },
  };
}

/** Units for readable tests. */
export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
