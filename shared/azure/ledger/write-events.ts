import type { AuditEvent, NewEvent } from '../../audit/audit-event.ts';
import { hashEvent } from '../../audit/chain/event-json.ts';
import type { Log } from '../../log.ts';
import { toEventRow } from '../events/event-row.ts';
import { saveSnapshot } from '../events/index-snapshot.ts';
import { CHAIN, isFresh, type LedgerHead, toHeadRow } from '../events/ledger-head.ts';
import { reachStorage } from '../requests/storage-error.ts';
import type { Row } from '../tables/row.ts';
import { type RowAction, submitRows } from '../tables/row-batch.ts';
import { checkRow } from '../tables/row-limits.ts';
import type { AppendParts } from './ledger-parts.ts';

/** Changes that the head carries; then they go into a snapshot. */
const MAX_RECENT = 150;

/** Rows that say that an event was recorded; behind every number and the head. */
export const ONCE = 'once|';

/**
 * Writes events and the head in one transaction; a fresh head brings its first event. `false`:
 * another process moved it, or a row is in the way.
 */
export async function writeEvents(
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

/** The hash leaves with the log: who cuts the ledger in storage can't cut it there. */
function logEvent(log: Log, { sequence, hash, act, actor }: AuditEvent): void {
  log.info('audit.recorded', { sequence, hash, act, actor });
}
