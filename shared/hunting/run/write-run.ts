import { createTurns } from '../../concurrency.ts';
import { BrokerError } from '../../errors.ts';
import type { Stored } from '../../store.ts';
import type { HuntProgress, HuntRun, ResultPart } from '../hunt.ts';
import type { HuntStore } from '../hunt-store.ts';
import type { ProgressStep } from './progress.ts';

/**
 * What a write makes of a run and its hunt; asked anew with fresh progress when another run was
 * faster.
 */
export type ChangeRun = (progress: HuntProgress) => {
  readonly run: HuntRun;
  readonly step: ProgressStep;
  readonly part?: ResultPart | undefined;
};

/** What was written. */
export interface WrittenRun {
  readonly run: Stored<HuntRun>;
  readonly step: ProgressStep;
}

/**
 * Writes a run with its hunt's progress; `undefined`: the lease was lost or the hunt is gone,
 * nothing was written.
 */
export type WriteRun = (
  seen: Stored<HuntRun>,
  change: ChangeRun,
) => Promise<WrittenRun | undefined>;

/** Runs of one hunt that end in other processes at the same moment. */
const MAX_ATTEMPTS = 40;

/** Between two attempts at most, in milliseconds. */
const MAX_PAUSE_MS = 200;

/**
 * Creates the write. All runs of a hunt change its progress in the same transaction as themselves,
 * so that no count is ever wrong. Those of one process take turns.
 */
export function createWriteRun({
  hunts,
  sleep,
}: {
  hunts: Pick<HuntStore, 'findProgress' | 'findRun' | 'write'>;
  sleep: (ms: number) => Promise<unknown>;
}): WriteRun {
  const takeTurns = createTurns();

  const writeOnce = async (
    seen: Stored<HuntRun>,
    change: ChangeRun,
  ): Promise<WrittenRun | 'lost' | 'overtaken'> => {
    const { huntId, index } = seen.value;
    const progress = await hunts.findProgress(huntId);
    if (!progress) return 'lost';
    const { run, step, part } = change(progress.value);
    const next = { ...run, revision: seen.value.revision + 1 };
    const written = await hunts.write({
      run: { seen, next },
      progress: { seen: progress, next: step.progress },
      part,
    });
    if (written) return { run: written, step };
    const now = await hunts.findRun(huntId, index);
    if (now?.etag === seen.etag) return 'overtaken';
    return now && isSameWrite(now.value, next) ? { run: now, step } : 'lost';
  };

  return async (seen, change) =>
    await takeTurns(seen.value.huntId, async () => {
      for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
        const outcome = await writeOnce(seen, change);
        if (outcome === 'lost') return undefined;
        if (outcome !== 'overtaken') return outcome;
        await sleep(Math.random() * Math.min(MAX_PAUSE_MS, 2 ** attempt * 5));
      }
      throw toBusyError();
    });
}

/** The write took place, and its answer was lost on the way. */
export function isSameWrite(found: HuntRun, written: HuntRun): boolean {
  return found.revision === written.revision && found.writer === written.writer;
}

function toBusyError(): BrokerError {
  return new BrokerError('temporarily_unavailable', 'The hunt is being changed by others.', {
    owner: 'partner',
    remedy: 'The broker tries again by itself.',
    retryAfterSeconds: 5,
  });
}
