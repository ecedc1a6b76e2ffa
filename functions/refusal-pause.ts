import { setTimeout as sleep } from 'node:timers/promises';

/** How much later a refusal is answered to a caller that goes on beyond its budget. */
const PAUSE_MS = 250;

/** Refusals that wait at a time; those beyond are answered at once, so that memory is bounded. */
const MAX_WAITING = 50;

/**
 * Creates the pause before a refusal of a caller that does not wait for `Retry-After`. A caller
 * that asks again as soon as it is answered would have the one thread of the process refuse it
 * hundreds of times a second, at the cost of the callers beside it; with the pause it is four
 * times.
 */
export function createRefusalPause(pauseMs = PAUSE_MS): () => Promise<void> {
  let waiting = 0;
  return async () => {
    if (waiting >= MAX_WAITING) return;
    waiting++;
    await sleep(pauseMs);
    waiting--;
  };
}
