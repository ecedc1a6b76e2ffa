import { formatDuration } from '../demo/progress.ts';
import { describeError } from '../host/host-log.ts';
import type { Drill } from './drill.ts';
import { openEnvironment } from './environment.ts';
import { DrillFailure } from './expect.ts';
import { type Storage, startStorage } from './storage.ts';

/** How a drill ended. */
export interface DrillOutcome {
  readonly drill: Drill;
  /** What was expected and seen, in a sentence; `undefined`: the promise held. */
  readonly failure: string | undefined;
  readonly ms: number;
}

/** What a run tells while it goes on. */
export interface Watcher {
  readonly begin: (drill: Drill, number: number) => void;
  readonly end: (outcome: DrillOutcome, number: number) => void;
}

/** A drill that takes longer than this has failed. */
const DEADLINE = 60_000;

/**
 * Plays drills one after the other on stages of their own; a signal ends the run, and every process
 * with it.
 */
export async function runDrills(
  drills: readonly Drill[],
  watcher: Watcher,
  signal: AbortSignal,
): Promise<readonly DrillOutcome[]> {
  const outcomes: DrillOutcome[] = [];
  const storage = await startStorage({ persist: true });
  try {
    for (const [index, drill] of drills.entries()) {
      if (signal.aborted) break;
      watcher.begin(drill, index + 1);
      const outcome = await play(drill, storage, signal);
      if (signal.aborted) break;
      outcomes.push(outcome);
      watcher.end(outcome, index + 1);
    }
  } finally {
    await storage.close();
  }
  return outcomes;
}

/** Plays one drill and tells how it ended; never rejects. */
export async function play(
  drill: Drill,
  storage: Storage,
  signal?: AbortSignal,
): Promise<DrillOutcome> {
  const startedAt = performance.now();
  const failure = await playDrill(drill, storage, signal).then(() => undefined, toSentence);
  return { drill, failure, ms: performance.now() - startedAt };
}

/**
 * Plays one drill on an environment that is opened and closed for it; rejects when its promise does
 * not hold.
 */
async function playDrill(
  drill: Drill,
  storage: Storage,
  signal: AbortSignal | undefined,
): Promise<void> {
  const environment = await openEnvironment(storage);
  try {
    await Promise.race([drill.run(environment), untilEnd(signal)]);
  } finally {
    await environment.close();
  }
}

/** Rejects at the deadline or when the run is ended; holds no process up. */
function untilEnd(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_, reject) => {
    const fail = (reason: string) => reject(new DrillFailure(reason));
    const late = `Expected it to end within ${formatDuration(DEADLINE)}, saw no end.`;
    setTimeout(() => fail(late), DEADLINE).unref();
    signal?.addEventListener('abort', () => fail('It was stopped.'), { once: true });
  });
}

function toSentence(error: unknown): string {
  if (error instanceof DrillFailure && !process.env.DEBUG) return error.message;
  return process.env.DEBUG ? describeError(error) : `Expected no error, saw: ${String(error)}`;
}
