import { type CheckedRow, REFUSAL_TABLES, toNameText } from '../audit/row-state.ts';
import type { Log } from '../log.ts';
import { HOUR, MINUTE } from '../time.ts';
import type { Inspectable, IsMeant } from './inspection.ts';
import { hasEnded, type IntegrityMonitor, type OpenFinding } from './integrity.ts';
import type { Refusal } from './refusal.ts';

/**
 * Names what was refused, in the log and in the health of every process. A refused message is gone,
 * and a refused row is of no use to anybody, so nothing is ever found right there: a refusal is
 * named for an hour after it was seen last, or until an operator accepts it.
 *
 * Example: somebody moves a message of `incident-sync` to `token-refresh`. The process that takes
 * it drops it, raises the alarm, and shares the finding `token-refresh|other_queue` through
 * storage. The processes that answer `GET /health` never saw the message, and name it for an hour.
 *
 * It does not promise that who writes the storage account leaves the shared finding there: the
 * alarm in the log is elsewhere.
 */
export interface Refusals extends Inspectable {
  report(refusal: Refusal): void;
  /** Whether something is to be shared now. */
  readonly isDue: boolean;
  /** Shares what is due; what storage does not take waits for the next time. */
  share(): Promise<void>;
  /** What any process has refused and what is still named. */
  list(): Promise<readonly OpenFinding[]>;
}

/** Where processes share what they refused. */
export interface RefusalStore {
  find(): Promise<readonly OpenFinding[]>;
  /** Rejects when others write it at the same time again and again. */
  change(next: (known: readonly OpenFinding[]) => readonly OpenFinding[]): Promise<void>;
}

/** How long a refusal is named after it was seen last. */
const NAMED_MS = HOUR;

/** A refusal that goes on is shared again before it ends. */
const SHARE_AGE_MS = 10 * MINUTE;

/** An attacker that has thousands refused costs us no more than a write in this time. */
const SHARE_PAUSE_MS = 5000;

/** Findings that are shared: more than anybody looks through. */
const MAX_SHARED_COUNT = 50;

/** Creates the refusals of one process. */
export function createRefusals(parts: {
  readonly monitor: IntegrityMonitor;
  readonly store: RefusalStore;
  readonly log: Log;
  readonly now: () => number;
}): Refusals {
  const { monitor, store, log, now } = parts;
  const shared = createShared(now);
  const list = async () => (await store.find()).filter((finding) => !hasEnded(finding, now()));
  const inspect = async () => {
    for (const finding of await list()) monitor.adopt(finding);
    return 0;
  };

  return {
    report(refusal) {
      const endsAt = now() + NAMED_MS;
      const finding = { ...refusal, digest: undefined };
      monitor.report(finding, endsAt);
      shared.add({ ...finding, since: now(), seenAt: now(), endsAt });
    },
    get isDue() {
      return shared.isDue();
    },
    async share() {
      const own = shared.take();
      try {
        await store.change((known) => merge(known, own, now()));
        shared.settle(own);
      } catch {
        log.warn('integrity.not_shared', { findings: own.length });
      }
    },
    list,
    inspect,
    async accept(isMeant) {
      await inspect();
      const accepted = listMeant(monitor, isMeant);
      if (accepted.length === 0) return { accepted, unreadable: [] };
      const names = new Set(accepted.map(toNameText));
      for (const { table, key } of accepted) monitor.clear(table, key);
      await store.change((known) => known.filter((one) => !names.has(toNameText(asRow(one)))));
      return { accepted, unreadable: [] };
    },
  };
}

/** What this process has to share: each refusal once in a while. */
function createShared(now: () => number) {
  const due = new Map<string, OpenFinding>();
  const sharedAt = new Map<string, number>();
  let triedAt = Number.NEGATIVE_INFINITY;
  return {
    add(finding: OpenFinding) {
      const name = toNameText(asRow(finding));
      const last = sharedAt.get(name) ?? Number.NEGATIVE_INFINITY;
      if (now() - last < SHARE_AGE_MS || due.size >= MAX_SHARED_COUNT) return;
      due.set(name, finding);
    },
    isDue: () => due.size > 0 && Math.abs(now() - triedAt) >= SHARE_PAUSE_MS,
    take() {
      triedAt = now();
      return [...due.values()];
    },
    settle(findings: readonly OpenFinding[]) {
      if (sharedAt.size > MAX_SHARED_COUNT) sharedAt.clear();
      for (const name of findings.map(asRow).map(toNameText)) {
        due.delete(name);
        sharedAt.set(name, now());
      }
    },
  };
}

/** The newest of both; of one that both know, the time when it began. */
function merge(
  known: readonly OpenFinding[],
  own: readonly OpenFinding[],
  now: number,
): readonly OpenFinding[] {
  const all = new Map(known.map((finding) => [toNameText(asRow(finding)), finding]));
  for (const finding of own) {
    const name = toNameText(asRow(finding));
    const before = all.get(name);
    all.delete(name);
    all.set(name, { ...finding, since: before?.since ?? finding.since });
  }
  return [...all.values()].filter((one) => !hasEnded(one, now)).slice(-MAX_SHARED_COUNT);
}

function listMeant(monitor: IntegrityMonitor, isMeant: IsMeant): readonly CheckedRow[] {
  return monitor
    .list()
    .map(asRow)
    .filter((row) => REFUSAL_TABLES.some((table) => table === row.table))
    .filter((row) => isMeant(row, undefined));
}

/** Findings of refusals are about these tables only. */
function asRow({ table, key }: OpenFinding): CheckedRow {
  return { table: table as CheckedRow['table'], key };
}
