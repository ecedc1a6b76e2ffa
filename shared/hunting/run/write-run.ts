import { createTurns } from '../../concurrency.ts';
import { type BrokerError, toBusyError } from '../../errors.ts';
import { retryRace } from '../../retry/race.ts';
import type { Stored } from '../../store.ts';
import type { HuntProgress, HuntRun, ResultPart } from '../hunt.ts';
import type { HuntStore } from '../hunt-store.ts';
import type { ProgressStep } from './progress.ts';

/**
 * What a write makes of a run and its hunt; asked anew with fresh progress when another run was
 * faster.
 */
type ChangeRun = (progress: HuntProgress) => {
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

  /** Whether it was written; `undefined`: another run was faster. */
  const writeOnce = async (
    seen: Stored<HuntRun>,
    change: ChangeRun,
  ): Promise<{ readonly written: WrittenRun | undefined } | undefined> => {
    const { huntId, index } = seen.value;
    const progress = await hunts.findProgress(huntId);
    if (!progress) return { written: undefined };
    const { run, step, part } = change(progress.value);
    const next = { ...run, revision: seen.value.revision + 1 };
    const written = await hunts.write({
      run: { seen, next },
      progress: { seen: progress, next: step.progress },
      part,
    });
    if (written) return { written: { run: written, step } };
    const now = await hunts.findRun(huntId, index);
    if (now?.etag === seen.etag) return undefined;
    return { written: now && isSameWrite(now.value, next) ? { run: now, step } : undefined };
  };

  return async (seen, change) =>
    await takeTurns(seen.value.huntId, async () => {
      const race = { schedule: 'race.hunt', toBusyError: toHuntBusyError, sleep } as const;
      return (await retryRace(race, () => writeOnce(seen, change))).written;
    });
}

/** The write took place, and its answer was lost on the way. */
export function isSameWrite(found: HuntRun, written: HuntRun): boolean {
  return found.revision === written.revision && found.writer === written.writer;
}

function toHuntBusyError(): BrokerError {
  return toBusyError('The hunt is being changed by others.', {
    owner: 'partner',
    remedy: 'The broker tries again by itself.',
    retryAfterSeconds: 5,
  });
}
