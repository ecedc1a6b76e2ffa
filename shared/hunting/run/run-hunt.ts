import { randomUUID } from 'node:crypto';
import { toLeaseEnd } from '../../lease/leases.ts';
import { toDelayMs } from '../../retry/delay.ts';
import type { Stored } from '../../store.ts';
import { MINUTE } from '../../time.ts';
import { type HuntRun, isDamaged } from '../hunt.ts';
import { isRunDue } from './is-run-due.ts';
import type { RunHuntParts, RunKey } from './run-parts.ts';
import { createRunWriter, type RunWriter } from './run-writer.ts';
import { createTakeStep, type TakeStep } from './take-step.ts';

/**
 * One message: asks at one customer until all is stored, or something keeps it waiting. Messages
 * may come twice, late or never: the run's row says what is due, and one process at a time has its
 * lease. Rejects only when storage does not answer. The signal ends the work early; what is left
 * goes on in a message.
 */
export type RunHunt = (key: RunKey, signal?: AbortSignal) => Promise<void>;

/**
 * A message makes room for others then, and goes on in a further one. One call more may take four
 * minutes.
 */
const MAX_MESSAGE_MS = 3 * MINUTE;
const MAX_MESSAGE_CALLS = 10;

/** Creates the work for one customer of a hunt. */
export function createRunHunt(parts: RunHuntParts): RunHunt {
  const { hunts, now } = parts;
  const writer = createRunWriter(parts);
  const takeStep = createTakeStep(parts, writer);
  return async ({ huntId, index }, signal) => {
    const seen = await hunts.findRun(huntId, index);
    if (seen && isDamaged(seen.value)) return await writer.endDamaged(seen);
    if (!seen || !isRunDue(seen.value, now())) return;
    const leased = await takeLease(writer, seen, now());
    if (leased) await work({ writer, takeStep, now }, leased, signal);
  };
}

async function takeLease(
  writer: RunWriter,
  seen: Stored<HuntRun>,
  now: number,
): Promise<Stored<HuntRun> | undefined> {
  const owner = randomUUID();
  const lease = { owner, until: toLeaseEnd('hunt', now) };
  const startedAt = seen.value.startedAt ?? now;
  return await writer.begin(seen, { ...seen.value, startedAt, lease, writer: owner });
}

async function work(
  { writer, takeStep, now }: { writer: RunWriter; takeStep: TakeStep; now: () => number },
  first: Stored<HuntRun>,
  signal: AbortSignal | undefined,
): Promise<void> {
  const startedAt = now();
  let leased: Stored<HuntRun> | undefined = first;
  try {
    for (let calls = 0; leased; calls++) {
      const isSpent = calls >= MAX_MESSAGE_CALLS || now() - startedAt >= MAX_MESSAGE_MS;
      if (isSpent || signal?.aborted) return await writer.pass(leased);
      leased = await takeStep(leased, signal);
    }
  } catch (error) {
    if (leased) await writer.giveBack(leased, toDelayMs('hunt.crashed')).catch(() => undefined);
    throw error;
  }
}
