import { randomUUID } from 'node:crypto';
import type { AuditEvent, NewEvent } from '../../audit/audit-event.ts';
import { hashEvent } from '../../audit/event-json.ts';
import { type BrokerError, toBusyError } from '../../errors.ts';
import type { Log } from '../../log.ts';
import { retryRace } from '../../retry/race.ts';
import { eraseRow, readRow } from '../authority/row-io.ts';
import { toEventKey, toEventRow } from '../events/event-row.ts';
import { saveSnapshot } from '../events/index-snapshot.ts';
import {
  CHAIN,
  createLedgerHead,
  isFresh,
  type LedgerHead,
  toHeadRow,
} from '../events/ledger-head.ts';
import { reachStorage } from '../requests/storage-error.ts';
import type { Row } from '../tables/row.ts';
import { type RowAction, submitRows } from '../tables/row-batch.ts';
import { checkRow } from '../tables/row-limits.ts';
import { reportTouched } from './find-head-damage.ts';
import type { LedgerFollower, LedgerParts } from './follow-ledger.ts';

/** What appends. */
export interface AppendParts extends LedgerParts {
  readonly follower: LedgerFollower;
  readonly log: Log;
}

/** Events of one transaction; some bring a second row, and the head needs one. */
export const MAX_EVENTS = 45;

/** Changes that the head carries; then they go into a snapshot. */
const MAX_RECENT = 150;

/** Rows that say that an event was recorded; behind every number and the head. */
const ONCE = 'once|';

/**
 * Appends events in one transaction with the head: all or none, each exactly once. The answer to a
 * transaction can be lost; the commit's id on its events tells then that it was ours. Only one
 * append of a process may run at once.
 */
export async function appendEvents(parts: AppendParts, events: readonly NewEvent[]): Promise<void> {
  const commit = randomUUID();
  const tried = new Set<number>();
  await retryRace({ schedule: 'race.storage', toBusyError: toLedgerBusyError }, async () => {
    const head = await readOrBegin(parts);
    if (await wasCommitted(parts, tried, commit)) return head;
    const news = await withoutRecorded(parts, events);
    if (news.length === 0 && !isFresh(head)) return head;
    tried.add(head.next);
    try {
      if (await tryAppend(parts, head, { events: news, commit })) return head;
    } catch (error) {
      if (await wasCommitted(parts, tried, commit).catch(() => false)) return head;
      throw error;
    }
    await removeForged(parts, head);
    await reportTouched(parts, head);
    return undefined;
  });
}

function toLedgerBusyError(): BrokerError {
  return toBusyError('The ledger is being written by others.', {
    owner: 'partner',
    remedy: 'Try again; if it persists, look for many instances that write at once.',
    retryAfterSeconds: 5,
  });
}

async function readOrBegin(parts: AppendParts): Promise<LedgerHead> {
  const head = await parts.follower.readForAppend();
  if (head) return head;
  return createLedgerHead({ ledgerId: randomUUID(), generation: parts.now() });
}

/** Whether an earlier try was ours after all. */
async function wasCommitted(
  { open }: AppendParts,
  tried: ReadonlySet<number>,
  commit: string,
): Promise<boolean> {
  for (const sequence of tried) {
    const row = await findRow(open, toEventKey(sequence));
    if (row?.commit === commit) return true;
  }
  return false;
}

async function withoutRecorded(
  parts: AppendParts,
  events: readonly NewEvent[],
): Promise<readonly NewEvent[]> {
  const recorded = await Promise.all(
    events.map(async ({ once }) => once !== undefined && (await wasRecorded(parts, ONCE + once))),
  );
  return events.filter((_, index) => !recorded[index]);
}

/**
 * Whether a broker wrote that the event was recorded; what somebody else wrote is removed, with an
 * alarm.
 */
async function wasRecorded({ open, rows, monitor }: AppendParts, rowKey: string): Promise<boolean> {
  const id = { partitionKey: CHAIN, rowKey };
  const row = await readRow(open, id);
  if (!row) return false;
  const verdict = await rows.verify(row);
  if (verdict === 'valid') return true;
  monitor.report({ table: 'acts', key: rowKey, problem: verdict });
  await eraseRow(open, id, row.etag);
  return false;
}

async function findRow(open: AppendParts['open'], rowKey: string) {
  return await reachStorage(
    async () => await (await open()).getEntity<Record<string, unknown>>(CHAIN, rowKey),
    [404],
  );
}

/**
 * Appends under a head, whose first event is its own; `false`: another process moved it, or a row
 * is in the way.
 */
export async function tryAppend(
  parts: AppendParts,
  head: LedgerHead,
  { events, commit }: { events: readonly NewEvent[]; commit: string },
): Promise<boolean> {
  const begun: readonly NewEvent[] = isFresh(head) ? [toStartEvent(head), ...events] : events;
  const chained = toChain(head, begun, parts.now());
  const moved = await moveHead(parts, head, { chained, commit });
  const headRow = await parts.rows.sign(checkRow(toHeadRow(moved)));
  const rows = await Promise.all(
    chained.map((event) => parts.rows.sign(checkRow(toEventRow(event, commit)))),
  );
  const move: RowAction =
    head.etag === undefined ? { create: headRow } : { replace: headRow, etag: head.etag };
  const once = await Promise.all(events.flatMap(toOnceRow).map(parts.rows.sign));
  const creates = [...rows, ...once].map((row): RowAction => ({ create: row }));
  const etags = await submitRows(await reachStorage(parts.open), [move, ...creates]);
  if (!etags) return false;
  const changes = chained.flatMap(({ rows: changed }) => changed);
  parts.follower.adopt({ ...moved, etag: etags[0] }, changes);
  for (const event of chained) logEvent(parts.log, event);
  return true;
}

/** The first event of a ledger names it. */
function toStartEvent({ ledgerId, startedBy = 'broker' }: LedgerHead): NewEvent {
  return {
    actor: startedBy,
    act: 'ledger.start',
    tenantHash: undefined,
    subject: ledgerId,
    detail: undefined,
    changes: [],
    rows: [],
    occurredAt: undefined,
    correlationId: ledgerId,
    once: undefined,
  };
}

function toChain(
  { next, hash }: LedgerHead,
  events: readonly NewEvent[],
  recordedAt: number,
): readonly AuditEvent[] {
  const chained: AuditEvent[] = [];
  for (const { once: _, ...content } of events) {
    const previousHash = chained.at(-1)?.hash ?? hash;
    const event = { ...content, sequence: next + chained.length, previousHash, recordedAt };
    chained.push({ ...event, hash: hashEvent(event) });
  }
  return chained;
}

/** The head behind the events. When it has many changes to carry, they go into a snapshot first. */
async function moveHead(
  { index, blobs, now }: AppendParts,
  head: LedgerHead,
  { chained, commit }: { chained: readonly AuditEvent[]; commit: string },
): Promise<LedgerHead> {
  const next = head.next + chained.length;
  const fresh = chained.flatMap(({ sequence, rows }) => rows.map((row) => ({ ...row, sequence })));
  const moved = { ...head, next, hash: chained.at(-1)?.hash ?? head.hash, commit };
  const recent = [...head.recent, ...fresh];
  if (recent.length <= MAX_RECENT) return { ...moved, recent };
  // The index is at least as new as the head.
  const snapshot = await saveSnapshot(blobs, [...index.list(now()), ...fresh]);
  return { ...moved, recent: [], base: next - 1, snapshot };
}

function toOnceRow({ once }: NewEvent): readonly Row[] {
  return once === undefined ? [] : [{ partitionKey: CHAIN, rowKey: ONCE + once }];
}

/**
 * A row behind the head that no broker wrote is in everybody's way; one that a broker wrote means
 * that the head was put back.
 */
export async function removeForged(
  { open, rows, monitor }: AppendParts,
  head: LedgerHead,
): Promise<void> {
  const key = toEventKey(head.next);
  const row = await findRow(open, key);
  if (!row || (await isMoved(open, head))) return;
  if ((await rows.verify(row)) === 'valid') {
    throw monitor.report({ table: 'acts', key: 'head', problem: 'cut' });
  }
  monitor.report({ table: 'acts', key, problem: 'forged' });
  await reachStorage(async () => await (await open()).deleteEntity(CHAIN, key), [404]);
}

async function isMoved(open: AppendParts['open'], { etag }: LedgerHead): Promise<boolean> {
  return (await findRow(open, 'head'))?.etag !== etag;
}

/** The hash leaves with the log: who cuts the ledger in storage can't cut it there. */
function logEvent(log: Log, { sequence, hash, act, actor }: AuditEvent): void {
  log.info('audit.recorded', { sequence, hash, act, actor });
}
