import { isIntegrityError } from '../authority/integrity.ts';
import type { Log } from '../log.ts';
import { toDelayMs } from '../retry/delay.ts';
import { MINUTE } from '../time.ts';
import type { HuntProgress, HuntRun } from './hunt.ts';
import { hasEnded } from './hunt.ts';
import type { HuntStore } from './hunt-store.ts';
import { isRunDue } from './run/is-run-due.ts';
import { admitRuns } from './run/progress.ts';
import type { EnqueueRun } from './run/run-parts.ts';
import type { GetWindow } from './window.ts';

/** One timer run: sends again what stands still, and lets runs begin where there is room. */
export type DispatchHunts = () => Promise<void>;

/** The timer runs so often. */
const INTERVAL_MS = MINUTE;

const PAGE = 1000;

interface Parts {
  readonly hunts: HuntStore;
  readonly enqueue: EnqueueRun;
  readonly getWindow: GetWindow;
  readonly log: Log;
  readonly now: () => number;
}

/**
 * Creates the timer's run. What is due is derived from the rows, so that no message is needed for a
 * hunt to go on.
 */
export function createDispatchHunts(parts: Parts): DispatchHunts {
  const { hunts, log } = parts;
  return async () => {
    const active = await hunts.listActive();
    if (active.length === 0) return;
    let sent = 0;
    for (const { huntId } of active) sent += await dispatchOne(parts, huntId).catch(toNone);
    log.info('hunt.dispatch', { hunts: active.length, sent });
  };
}

/** A hunt whose rows can't be read keeps no other one waiting. */
function toNone(error: unknown): 0 {
  if (isIntegrityError(error)) return 0;
  throw error;
}

async function dispatchOne(parts: Parts, huntId: string): Promise<number> {
  const { hunts, enqueue, now } = parts;
  const progress = await hunts.findProgress(huntId);
  if (!progress || progress.value.finishedAt !== undefined) {
    await hunts.removeActive(huntId);
    return 0;
  }
  const admitted = await fillWindow(parts, huntId, progress);
  const stale = await findStale(hunts, { huntId, progress: progress.value, now: now() });
  const indices = [...admitted, ...stale];
  for (const index of indices) await enqueue({ huntId, index }, 0);
  return indices.length;
}

/** There may be more room than when the last run ended. */
async function fillWindow(
  { hunts, getWindow }: Parts,
  huntId: string,
  seen: { readonly value: HuntProgress; readonly etag: string },
): Promise<readonly number[]> {
  const { progress, admitted } = admitRuns(seen.value, await getWindow({ huntId }));
  if (admitted.length === 0) return [];
  const written = await hunts.replaceProgress(huntId, seen, progress);
  // Somebody else was faster, and let runs begin by that.
  return written ? admitted : [];
}

async function findStale(
  hunts: HuntStore,
  { huntId, progress, now }: { huntId: string; progress: HuntProgress; now: number },
): Promise<readonly number[]> {
  const stale: number[] = [];
  for (let from = 0; from < progress.started; from += PAGE) {
    const runs = await hunts.listRuns(huntId, from, PAGE);
    const begun = runs.filter(({ index }) => index < progress.started);
    const last = Math.min(progress.started, from + PAGE);
    stale.push(...(await restoreMissing(hunts, huntId, { begun, from, last })));
    stale.push(...begun.filter((run) => isStale(run, now)).map(({ index }) => index));
  }
  return stale;
}

/** A run whose row is gone would keep its hunt running for ever: it ends as a damaged one. */
async function restoreMissing(
  hunts: HuntStore,
  huntId: string,
  { begun, from, last }: { begun: readonly HuntRun[]; from: number; last: number },
): Promise<readonly number[]> {
  const found = new Set(begun.map(({ index }) => index));
  const places = Array.from({ length: last - from }, (_, place) => from + place);
  const missing = places.filter((index) => !found.has(index));
  if (missing.length === 0) return [];
  // Of a hunt that is removed meanwhile, the progress goes before the runs.
  if (!(await hunts.findProgress(huntId))) return [];
  for (const index of missing) await hunts.restoreRun(huntId, index);
  return missing;
}

/**
 * Due, and in nobody's hands, for a multiple of `message.lost` since the timer's last run: a
 * message that only waits its turn is not sent every minute.
 */
function isStale(run: HuntRun, now: number): boolean {
  if (hasEnded(run) || !isRunDue(run, now)) return false;
  const since = Math.max(run.dueAt, run.lease?.until ?? 0);
  const turns = (time: number) => Math.floor((time - since) / toDelayMs('message.lost'));
  return turns(now) > turns(now - INTERVAL_MS) && (turns(now) > 0 || run.lease !== undefined);
}
