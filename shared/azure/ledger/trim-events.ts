import { toBusyError } from '../../errors.ts';
import { parseEventRow, toEventKey } from '../events/event-row.ts';
import { CHAIN, type LedgerHead, toHeadRow } from '../events/ledger-head.ts';
import { reachStorage } from '../requests/storage-error.ts';
import { odata } from '../tables/odata.ts';
import type { ReadRow } from '../tables/row.ts';
import { submitRows, writeRows } from '../tables/row-batch.ts';
import { readRows } from '../tables/table-store.ts';
import type { AppendParts } from './ledger-parts.ts';

/** Others append meanwhile. */
const ATTEMPTS = 10;

/**
 * Removes the oldest events: first the head says from where on the chain is kept, then they go.
 * Answers how many went.
 */
export async function trimEvents(parts: AppendParts, time: number, limit: number): Promise<number> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const head = await parts.follower.readForAppend();
    if (!head) return 0;
    const old = await readOld(parts, head, { time, limit });
    const last = old.at(-1);
    const moved = last && { ...head, first: last.sequence + 1, firstPrevious: last.hash };
    if (!moved || (await replaceHead(parts, moved))) {
      return await removeUpTo(parts, moved ?? head, time);
    }
  }
  throw toBusyError('The ledger is being written by others.', {
    owner: 'partner',
    remedy: 'The next run of the daily timer removes old events.',
    retryAfterSeconds: 60,
  });
}

/** The first events, as long as each is older than the time; the last one stays. */
async function readOld(
  { open, rows }: AppendParts,
  { first, next }: LedgerHead,
  { time, limit }: { time: number; limit: number },
) {
  const filter = odata`PartitionKey eq ${CHAIN} and RowKey ge ${toEventKey(first)} and RowKey lt ${toEventKey(next - 1)}`;
  const read: readonly ReadRow[] = await reachStorage(() => readRows(open, filter, limit));
  const old = [];
  for (const row of read) {
    // Of a chain that does not hold nothing is removed: somebody has to look at it.
    if ((await rows.verify(row)) !== 'valid') break;
    const event = parseEventRow(row);
    if (event.recordedAt >= time || event.sequence !== first + old.length) break;
    old.push(event);
  }
  return old;
}

async function replaceHead(parts: AppendParts, head: LedgerHead): Promise<boolean> {
  if (head.etag === undefined) return false;
  const row = await parts.rows.sign(toHeadRow(head));
  const client = await reachStorage(parts.open);
  return (await submitRows(client, [{ replace: row, etag: head.etag }])) !== undefined;
}

/**
 * Also what an earlier run left behind; what is younger than the time stays, wherever the chain
 * begins.
 */
async function removeUpTo(
  { open }: AppendParts,
  { first }: LedgerHead,
  time: number,
): Promise<number> {
  const filter = odata`PartitionKey eq ${CHAIN} and RowKey lt ${toEventKey(first)} and recordedAt lt ${new Date(time)}`;
  const query = { filter, select: ['PartitionKey', 'RowKey'] };
  const gone = await reachStorage(() => readRows(open, query, Number.POSITIVE_INFINITY));
  const actions = gone.map(({ partitionKey = '', rowKey = '' }) => ({
    remove: { partitionKey, rowKey },
  }));
  await writeRows(await reachStorage(open), actions);
  return gone.length;
}
