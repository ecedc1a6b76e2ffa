import type { AuditEvent } from '../../audit/audit-event.ts';
import type { ChainedEvent } from '../events/chain-events.ts';
import { toEventRow } from '../events/event-row.ts';
import { saveSnapshot } from '../events/index-snapshot.ts';
import { CHAIN, type LedgerHead, toHeadRow } from '../events/ledger-head.ts';
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
 * Writes events and the head in one transaction. `false`: another process moved it, or a row is in
 * the way.
 */
export async function writeEvents(
  parts: AppendParts,
  head: LedgerHead,
  { chained, commit }: { chained: readonly ChainedEvent[]; commit: string },
): Promise<boolean> {
  const events = chained.map(({ event }) => event);
  const moved = await moveHead(parts, head, { events, commit });
  const headRow = await parts.rows.sign(checkRow(toHeadRow(moved)));
  const rows = await Promise.all(
    events.map((event) => parts.rows.sign(checkRow(toEventRow(event, commit)))),
  );
  const move: RowAction =
    head.etag === undefined ? { create: headRow } : { replace: headRow, etag: head.etag };
  const once = await Promise.all(chained.flatMap(toOnceRow).map(parts.rows.sign));
  const creates = [...rows, ...once].map((row): RowAction => ({ create: row }));
  const etags = await submitRows(await reachStorage(parts.open), [move, ...creates]);
  if (!etags) return false;
  const changes = events.flatMap(({ rows: changed }) => changed);
  parts.follower.adopt({ ...moved, etag: etags[0] }, changes);
  return true;
}

/** The head behind the events. When it has many changes to carry, they go into a snapshot first. */
async function moveHead(
  { index, blobs, now }: AppendParts,
  head: LedgerHead,
  { events, commit }: { events: readonly AuditEvent[]; commit: string },
): Promise<LedgerHead> {
  const next = head.next + events.length;
  const fresh = events.flatMap(({ sequence, rows }) => rows.map((row) => ({ ...row, sequence })));
  const moved = { ...head, next, hash: events.at(-1)?.hash ?? head.hash, commit };
  const recent = [...head.recent, ...fresh];
  if (recent.length <= MAX_RECENT) return { ...moved, recent };
  // The index is at least as new as the head.
  const snapshot = await saveSnapshot(blobs, [...index.list(now()), ...fresh]);
  return { ...moved, recent: [], base: next - 1, snapshot };
}

function toOnceRow({ once }: ChainedEvent): readonly Row[] {
  return once === undefined ? [] : [{ partitionKey: CHAIN, rowKey: ONCE + once }];
}
