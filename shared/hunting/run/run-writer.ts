import { toLeaseEnd } from '../../lease/leases.ts';
import type { Stored } from '../../store.ts';
import type { Hunt, HuntRun } from '../hunt.ts';
import { toHuntVerdict } from '../verdict.ts';
import type { Decision } from './decide.ts';
import { addWaiting, admitRuns } from './progress.ts';
import type { RunHuntParts } from './run-parts.ts';
import { countRows, type NewRows, toEndedStep } from './stored-rows.ts';
import { createWriteRun, isSameWrite, type WriteRun, type WrittenRun } from './write-run.ts';

/** Writes what a run has come to. An answer `undefined`: the lease was lost, or is given back. */
export interface RunWriter {
  /** Takes the lease of a run that is due. */
  begin(seen: Stored<HuntRun>, next: HuntRun): Promise<Stored<HuntRun> | undefined>;
  /** Keeps the lease for the next call. */
  keep(leased: Stored<HuntRun>, next: HuntRun): Promise<Stored<HuntRun> | undefined>;
  /** Makes rows count, and keeps the lease, unless the hunt has all its rows now. */
  store(hunt: Hunt, leased: Stored<HuntRun>, found: Found): Promise<Stored<HuntRun> | undefined>;
  /** Gives the lease back until a time has passed; another customer has the place meanwhile. */
  wait(leased: Stored<HuntRun>, next: HuntRun, delayMs: number): Promise<void>;
  /** Gives the lease back and goes on in a further message, after those that are waiting. */
  pass(leased: Stored<HuntRun>): Promise<void>;
  /** Ends a run whose place is unknown. */
  endDamaged(seen: Stored<HuntRun>): Promise<void>;
  /** Gives the lease back as after an error; the queue delivers the message again. */
  giveBack(leased: Stored<HuntRun>, delayMs: number): Promise<void>;
}

/** What a call found, with its rows if they count. */
interface Found {
  readonly decision: Decision & { kind: 'go_on' | 'end' };
  readonly rows: NewRows | undefined;
}

interface WriterParts extends RunHuntParts {
  readonly writeRun: WriteRun;
}

/** Creates the writer. */
export function createRunWriter(ports: RunHuntParts): RunWriter {
  const parts = { ...ports, writeRun: createWriteRun(ports) };
  const { now } = parts;
  const giveBack = (leased: Stored<HuntRun>, delayMs: number) =>
    replace(parts, leased, { ...leased.value, lease: undefined, dueAt: now() + delayMs });

  return {
    begin: (seen, next) =>
      seen.value.isWaiting ? resume(parts, seen, next) : replace(parts, seen, next),
    keep: (leased, next) => replace(parts, leased, withLease(next, now())),
    store: (hunt, leased, found) => store(parts, leased, { hunt, found }),
    wait: (leased, next, delayMs) => wait(parts, leased, { next, delayMs }),
    async pass(leased) {
      const written = await giveBack(leased, 0);
      if (written) await parts.enqueue(written.value, 0);
    },
    endDamaged: (seen) => endDamaged(parts, seen),
    async giveBack(leased, delayMs) {
      await giveBack(leased, delayMs);
    },
  };
}

async function replace(
  { hunts }: WriterParts,
  seen: Stored<HuntRun>,
  next: HuntRun,
): Promise<Stored<HuntRun> | undefined> {
  const run = { ...next, revision: seen.value.revision + 1 };
  const written = await hunts.replaceRun(seen, run);
  if (written) return written;
  const found = await hunts.findRun(run.huntId, run.index);
  return found && isSameWrite(found.value, run) ? found : undefined;
}

async function resume(
  { writeRun }: WriterParts,
  seen: Stored<HuntRun>,
  next: HuntRun,
): Promise<Stored<HuntRun> | undefined> {
  const written = await writeRun(seen, (progress) => ({
    run: { ...next, isWaiting: false },
    step: { progress: addWaiting(progress, -1), admitted: [] },
  }));
  return written?.run;
}

async function store(
  parts: WriterParts,
  leased: Stored<HuntRun>,
  { hunt, found }: { hunt: Hunt; found: Found },
): Promise<Stored<HuntRun> | undefined> {
  const { writeRun, getWindow, now } = parts;
  const window = await getWindow(leased.value);
  const written = await writeRun(leased, (progress) => {
    const counted = countRows(hunt, progress, found);
    const { run, part } = counted;
    if (counted.isEnd) return { part, ...toEndedStep(counted, { window, now: now() }) };
    return { part, run: withLease(run, now()), step: { progress: counted.progress, admitted: [] } };
  });
  if (!written) await found.rows?.part.discard();
  if (written?.run.value.endedAt === undefined) return written?.run;
  await admit(parts, written);
  await reportEnd(parts, hunt, written);
  return undefined;
}

async function wait(
  parts: WriterParts,
  leased: Stored<HuntRun>,
  { next, delayMs }: { next: HuntRun; delayMs: number },
): Promise<void> {
  const { writeRun, getWindow, enqueue, now } = parts;
  const window = await getWindow(leased.value);
  const run = { ...next, dueAt: now() + delayMs, isWaiting: true, lease: undefined };
  const written = await writeRun(leased, (progress) => ({
    run,
    step: admitRuns(addWaiting(progress, 1), window),
  }));
  if (!written) return;
  await admit(parts, written);
  await enqueue(run, delayMs);
}

async function endDamaged(parts: WriterParts, seen: Stored<HuntRun>): Promise<void> {
  const { writeRun, getWindow, now } = parts;
  const window = await getWindow(seen.value);
  const run = { ...seen.value, isWaiting: false };
  const written = await writeRun(seen, (before) => {
    const progress = seen.value.isWaiting ? addWaiting(before, -1) : before;
    const counted = { run, progress, part: undefined, isEnd: true, isEverywhere: false };
    return toEndedStep(counted, { window, now: now() });
  });
  if (!written) return;
  await admit(parts, written);
  await reportEnd(parts, { id: run.huntId }, written);
}

/** Lets the runs begin whose turn it is. */
async function admit({ enqueue }: WriterParts, { step, run }: WrittenRun): Promise<void> {
  const { huntId } = run.value;
  for (const index of step.admitted) await enqueue({ huntId, index }, 0);
}

function withLease(run: HuntRun, now: number): HuntRun {
  return { ...run, lease: run.lease && { ...run.lease, until: toLeaseEnd('hunt', now) } };
}

/** What is said of a run that ended, and of a hunt that did with it. */
async function reportEnd(
  { hunts, metrics, log, now }: RunHuntParts,
  { id }: Pick<Hunt, 'id'>,
  { run: { value: run }, step }: WrittenRun,
): Promise<void> {
  const verdict = toHuntVerdict(run.problem);
  const { tenantId: tenant, problem, rows, calls, startedAt = now() } = run;
  const duration_ms = now() - startedAt;
  metrics.count('hunts.tenants', { verdict });
  log.info('hunt.tenant', { hunt: id, tenant, verdict, problem, rows, calls, duration_ms });
  const { finishedAt, total, rows: allRows } = step.progress;
  if (finishedAt === undefined) return;
  await hunts.removeActive(id);
  log.info('hunt.finished', { hunt: id, tenants: total, rows: allRows });
}
