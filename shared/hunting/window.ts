import { isYounger } from '../age.ts';
import type { HuntStore } from './hunt-store.ts';

/** What is known of other hunts may be so old, in milliseconds. */
const MAX_AGE_MS = 2000;

/**
 * How many customers of one hunt may be asked at the same time now; `beginning`: hunts that are
 * about to be stored.
 */
export type GetWindow = (beginning?: number) => Promise<number>;

/**
 * Creates what says how many customers of one hunt are asked at the same time: the setting
 * HUNT_CONCURRENCY, shared evenly among the hunts that run. A host takes more messages at once than
 * that, so a hunt that begins finds room at once.
 */
export function createGetWindow({
  hunts,
  concurrency,
  now,
}: {
  hunts: Pick<HuntStore, 'listActive'>;
  concurrency: number;
  now: () => number;
}): GetWindow {
  let active = 1;
  let readAt = Number.NEGATIVE_INFINITY;
  return async (beginning = 0) => {
    if (!isYounger(readAt, MAX_AGE_MS, now())) {
      active = (await hunts.listActive()).length;
      readAt = now();
    }
    return Math.max(1, Math.floor(concurrency / Math.max(1, active + beginning)));
  };
}
