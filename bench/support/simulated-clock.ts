import { setImmediate } from 'node:timers/promises';

/**
 * A clock that goes on to the next end of a sleep whenever nothing else is left to do. Epoch
 * milliseconds.
 */
export function createSimulatedClock(start: number) {
  let time = start;
  const sleepers: { readonly at: number; readonly wake: () => void }[] = [];

  const takeNext = () => {
    const at = Math.min(...sleepers.map((one) => one.at));
    const index = sleepers.findIndex((one) => one.at === at);
    return index === -1 ? undefined : sleepers.splice(index, 1)[0];
  };

  return {
    now: () => time,
    sleep: (ms: number) =>
      new Promise<void>((wake) => {
        sleepers.push({ at: time + ms, wake });
      }),
    /** Goes on until something holds. */
    async run(isDone: () => boolean): Promise<void> {
      while (!isDone()) {
        await setImmediate();
        const next = takeNext();
        if (!next) throw new Error('Nobody sleeps, and nothing is done.');
        time = Math.max(time, next.at);
        next.wake();
      }
    },
  };
}
