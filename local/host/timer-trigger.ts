import { Cron } from 'croner';
import type { TimerFunction } from './triggers.ts';
import type { Invoke } from './worker/invoke.ts';

/** One timer; its runs never overlap. */
export interface TimerTrigger {
  /** Runs now, after a run in progress; rejects with the function's error. */
  readonly run: () => Promise<void>;
  /** Starts the schedule, and runs at once where the function asks for it. */
  readonly start: () => void;
  /** Stops the schedule and resolves when the last run has ended. */
  readonly stop: () => Promise<void>;
}

/** Runs a function by its NCRONTAB schedule in UTC; throws when the schedule is not one. */
export function createTimerTrigger(fn: TimerFunction, invoke: Invoke): TimerTrigger {
  const cron = parseSchedule(fn);
  const isMonitored = !isMoreOftenThanMinutely(cron);
  let current: Promise<unknown> | undefined;
  let last: Date | undefined;
  const runOnce = async () => {
    const started = new Date();
    const data = { json: JSON.stringify(toTimerInfo(isMonitored ? cron : undefined, last)) };
    last = started;
    await invoke(fn.registered, { data });
  };
  const run = () => {
    const next = (current ?? Promise.resolve()).catch(() => undefined).then(runOnce);
    const finished = next.finally(() => {
      if (current === finished) current = undefined;
    });
    current = finished;
    return finished;
  };
  // A failed run was logged by the invocation and waits for the next tick.
  const runQuietly = () => run().catch(() => undefined);
  return {
    run,
    start: () => {
      cron.schedule(() => (current ? undefined : runQuietly()));
      if (fn.runOnStartup) void runQuietly();
    },
    stop: async () => {
      cron.stop();
      await current?.catch(() => undefined);
    },
  };
}

function parseSchedule({ name, schedule }: TimerFunction): Cron {
  try {
    // NCRONTAB wants both the day of the month and the day of the week to match.
    return new Cron(schedule, { timezone: 'UTC', mode: '5-or-6-parts', domAndDow: true });
  } catch (cause) {
    throw new Error(`Function '${name}': '${schedule}' is not an NCRONTAB schedule.`, { cause });
  }
}

const MINUTE_MS = 60_000;

/** The real host watches no schedule that has two of its next five runs within a minute. */
function isMoreOftenThanMinutely(cron: Cron): boolean {
  const runs = cron.nextRuns(5).map(Number);
  return runs.some((run, index) => run - (runs[index - 1] ?? Number.NEGATIVE_INFINITY) < MINUTE_MS);
}

// Schedule monitoring needs storage, so a start is never past due.
function toTimerInfo(monitored: Cron | undefined, last: Date | undefined) {
  const lastRun = last?.toISOString() ?? '0001-01-01T00:00:00.000Z';
  const next = monitored?.nextRun()?.toISOString();
  return {
    Schedule: { AdjustForDST: true },
    ScheduleStatus: monitored ? { Last: lastRun, Next: next, LastUpdated: lastRun } : null,
    IsPastDue: false,
  };
}
