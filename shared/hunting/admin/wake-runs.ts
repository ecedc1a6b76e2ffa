import { hasEnded } from '../hunt.ts';
import type { HuntStore } from '../hunt-store.ts';
import type { EnqueueRun } from '../run/run-parts.ts';

/** Lets the runs of a hunt that wait for Microsoft look now at what has become of the hunt. */
export type WakeRuns = (huntId: string) => Promise<void>;

const PAGE = 1000;

/** Creates the function. */
export function createWakeRuns({
  hunts,
  enqueue,
  now,
}: {
  hunts: HuntStore;
  enqueue: EnqueueRun;
  now: () => number;
}): WakeRuns {
  const wake = async (huntId: string, index: number) => {
    const seen = await hunts.findRun(huntId, index);
    if (!seen?.value.isWaiting) return;
    const revision = seen.value.revision + 1;
    const woken = await hunts.replaceRun(seen, { ...seen.value, dueAt: now(), revision });
    if (woken) await enqueue({ huntId, index }, 0);
  };
  return async (huntId) => {
    for (let from = 0; ; from += PAGE) {
      const runs = await hunts.listRuns(huntId, from, PAGE);
      const waiting = runs.filter((run) => !hasEnded(run) && run.isWaiting);
      for (const { index } of waiting) await wake(huntId, index);
      if (runs.length < PAGE) return;
    }
  };
}
