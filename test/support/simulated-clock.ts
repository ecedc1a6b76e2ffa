import { setImmediate, setTimeout } from 'node:timers/promises';

/** Encryption runs beside the event loop; nothing else takes real time. */
const MAX_REAL_WAIT_MS = 5000;

/**
 * A clock that goes on to the next end of a sleep whenever nothing else is left to do. Epoch
 * milliseconds.
 */
export function createSimulatedClock(start: number) {
  let time = start;
  /** Those who wake first, first. */
  const sleepers: { readonly at: number; readonly wake: () => void }[] = [];

  const takeNext = () => sleepers.shift();

  const awaitSleeper = async (isDone: () => boolean) => {
    for (let waited = 0; waited < MAX_REAL_WAIT_MS; waited++) {
      await setTimeout(1);
      const next = takeNext();
      if (next || isDone()) return next;
    }
    throw new Error('Nobody sleeps, and nothing is done.');
  };

  return {
    now: () => time,
    sleep: (ms: number) =>
      new Promise<void>((wake) => {
        const at = time + ms;
        // Who began to sleep first wakes first, of those who wake at the same time.
        const place = sleepers.findLastIndex((one) => one.at <= at) + 1;
        sleepers.splice(place, 0, { at, wake });
      }),
    /** Goes on until something holds. */
    async run(isDone: () => boolean): Promise<void> {
      while (!isDone()) {
        await setImmediate();
        if (isDone()) return;
        const next = takeNext() ?? (await awaitSleeper(isDone));
        if (!next) return;
        time = Math.max(time, next.at);
        next.wake();
      }
    },
  };
}
