import { setTimeout as delay } from 'node:timers/promises';

/** What to poll and how patiently. */
interface PollLoopOptions {
  /** Resolves with how many messages were found; rejects when the service cannot be read. */
  readonly poll: () => Promise<number>;
  readonly longestWaitMs: number;
  /** Called at the first of several failures in a row. */
  readonly onDown: (error: unknown) => void;
  readonly signal: AbortSignal;
}

/** Polls until the signal; waits longer while there is nothing, at random, so hosts spread out. */
export async function runPollLoop(options: PollLoopOptions): Promise<void> {
  const { poll, onDown, signal } = options;
  const longest = Math.min(options.longestWaitMs, LOCAL_LONGEST_WAIT_MS);
  let wait = 0;
  let isDown = false;
  while (!signal.aborted) {
    try {
      const found = await poll();
      wait = found > 0 ? 0 : nextWait(wait, longest);
      isDown = false;
    } catch (error) {
      if (!isDown) onDown(error);
      isDown = true;
      wait = nextWait(wait, longest);
    }
    // Rejects only when the signal cuts the wait short.
    await delay(wait, undefined, { signal }).catch(() => undefined);
  }
}

const SHORTEST_WAIT_MS = 100;
// The real host also caps its polling at two seconds in local development.
const LOCAL_LONGEST_WAIT_MS = 2000;

function nextWait(wait: number, longest: number): number {
  const doubled = Math.max(wait * 2, SHORTEST_WAIT_MS);
  return Math.min(longest, doubled * (0.8 + Math.random() * 0.4));
}
