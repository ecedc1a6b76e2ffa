import { createBoundedMap } from '../../bounded-map.ts';
import type { Hunt } from '../hunt.ts';
import type { HuntStore } from '../hunt-store.ts';
import { isProblem, parseQuery } from '../kql/parse-query.ts';
import type { HuntQuery, SealedQueries } from '../query/sealed-query.ts';
import { DEFAULT_LOOK_BACK_MS } from '../query/timespan.ts';
import type { PlanContext } from './plan.ts';

/** A hunt with its query as it is asked. */
export interface HuntTask {
  readonly hunt: Hunt;
  readonly context: PlanContext;
  readonly isFor: HuntQuery['isFor'];
}

/** `undefined`: there is no such hunt, or not any more. */
export type FindTask = (huntId: string) => Promise<HuntTask | undefined>;

/** Hunts that run at the same time, and some more. */
const MAX_TASKS = 50;

/** Creates the lookup; what a hunt is never changes, so it is read once in a process. */
export function createFindTask({
  hunts,
  sealedQueries,
}: {
  hunts: Pick<HuntStore, 'find'>;
  sealedQueries: Pick<SealedQueries, 'find'>;
}): FindTask {
  const known = createBoundedMap<HuntTask>(MAX_TASKS);
  return async (huntId) => {
    const task = known.get(huntId);
    if (task) return task;
    const hunt = await hunts.find(huntId);
    const asked = hunt && (await sealedQueries.find(hunt));
    if (!asked) return undefined;
    const query = parseQuery(asked.text);
    // It was looked at before the hunt was made: a later version may be stricter.
    if (isProblem(query)) return undefined;
    const { createdAt: now, maxRows, timespan } = hunt;
    const span = timespan ?? { from: now - DEFAULT_LOOK_BACK_MS, to: now };
    const context = { query, span, isOpen: timespan === undefined, now, maxRows };
    const found = { hunt, context, isFor: asked.isFor };
    known.set(huntId, found);
    return found;
  };
}
