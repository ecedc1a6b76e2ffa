import { isYounger } from '../age.ts';
import type { ActiveHunt, HuntStore } from './hunt-store.ts';

/** What is known of other hunts may be so old, in milliseconds. */
const MAX_AGE_MS = 2000;

/** A hunt that is stored, or one that its caller is about to begin. */
type WindowOf = { readonly huntId: string } | { readonly callerId: string };

/** How many customers of one hunt may be asked at the same time now. */
export type GetWindow = (of: WindowOf) => Promise<number>;

/**
 * Creates what says how many customers of one hunt are asked at the same time: the setting
 * HUNT_CONCURRENCY, shared evenly among the callers whose hunts run, and then among the hunts of
 * each. Who begins many hunts takes places from nobody else. A host takes more messages at once
 * than that, so a hunt that begins finds room at once.
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
  let active: readonly ActiveHunt[] = [];
  let readAt = Number.NEGATIVE_INFINITY;
  return async (of) => {
    if (!isYounger(readAt, MAX_AGE_MS, now())) {
      active = await hunts.listActive();
      readAt = now();
    }
    const { callerId, beginning } = findCaller(active, of);
    const callers = new Set([...active.map((hunt) => hunt.callerId), callerId]);
    const own = active.filter((hunt) => hunt.callerId === callerId).length + beginning;
    return Math.max(1, Math.floor(concurrency / callers.size / Math.max(1, own)));
  };
}

/** `undefined`: it began a moment ago, or a version before did not say whose it is. */
function findCaller(active: readonly ActiveHunt[], of: WindowOf) {
  if ('callerId' in of) return { callerId: of.callerId, beginning: 1 };
  return { callerId: active.find(({ huntId }) => huntId === of.huntId)?.callerId, beginning: 0 };
}
