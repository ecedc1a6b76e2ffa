import { BrokerError } from '../errors.ts';
import type { Log } from '../log.ts';
import { MINUTE } from '../time.ts';
import type { Probe } from './health-check.ts';

/** The last run of a timer that ended well; times in epoch milliseconds. */
export interface TimerRun {
  readonly name: string;
  readonly finishedAt: number;
  /** When its schedule wants the next one; `undefined`: the host did not say. */
  readonly nextAt: number | undefined;
}

/** One small record per timer. */
export interface TimerRunStore {
  save(run: TimerRun): Promise<void>;
  list(): Promise<readonly TimerRun[]>;
}

/**
 * Notes that a timer has run; a note that can't be written is logged, the run counts all the same.
 */
export type NoteTimerRun = (name: string, nextAt: number | undefined) => Promise<void>;

/** Hosts start late and runs take their time; what is later than this does not run. */
const LATE = 5 * MINUTE;

/** Creates the noting of runs. */
export function createNoteTimerRun({
  runs,
  log,
  now,
}: {
  runs: TimerRunStore;
  log: Log;
  now: () => number;
}): NoteTimerRun {
  return async (name, nextAt) => {
    try {
      await runs.save({ name, finishedAt: now(), nextAt });
    } catch {
      log.warn('timer.not_noted', { timer: name });
    }
  };
}

/**
 * Creates the probe: when each timer last ran, and how late the next run is. A timer that never ran
 * is not listed.
 */
export function createTimerProbe({ runs, now }: { runs: TimerRunStore; now: () => number }): Probe {
  return async () => {
    const seen = (await runs.list()).map(({ name, finishedAt, nextAt = Number.MAX_VALUE }) => ({
      name,
      last_run: new Date(finishedAt).toISOString(),
      late_seconds: Math.max(0, Math.round((now() - nextAt) / 1000)),
    }));
    const late = seen.filter(({ late_seconds }) => late_seconds * 1000 > LATE);
    if (late.length > 0) throw toLateError(late.map(({ name }) => name));
    return { timers: seen };
  };
}

function toLateError(names: readonly string[]): BrokerError {
  return new BrokerError('temporarily_unavailable', `A timer is late: ${names.join(', ')}.`, {
    owner: 'partner',
    remedy: 'Look for its failed runs in the log; check the schedule and the storage account.',
  });
}
