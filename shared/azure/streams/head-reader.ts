import { reachStorage } from '../requests/storage-error.ts';
import { odata } from '../tables/odata.ts';
import { readPages, readRows } from '../tables/table-store.ts';
import { readHead, type StreamHead } from './head-row.ts';
import { refuseRow, type StreamPlace, toStreamKey, verifyRow } from './stream-guard.ts';
import { findSequence, HEAD, toRowKey } from './stream-keys.ts';

/** Appends of others may come between two reads; each moves the head. */
const READS = 20;

const PAGE = 1000;

/** How a process reads the head of a stream. */
interface HeadReader {
  /** Rejects with `integrity` for a head that is not the broker's, is gone, or was put back. */
  readonly read: () => Promise<StreamHead>;
  /** A head that this process wrote counts as seen. */
  readonly note: (head: StreamHead) => void;
}

/**
 * Creates the reader. What the process has seen of the head counts: an older one was put back. The
 * first head that it sees, which it can compare with nothing, has to be the end of what is there.
 */
export function createHeadReader(place: StreamPlace): HeadReader {
  const { guard } = place;
  if (!guard) return { read: () => readHead(place), note: () => undefined };
  let seen: StreamHead | undefined;
  const note = (head: StreamHead) => {
    if (!seen || !isBehind(seen, head)) seen = head;
  };
  const keys = { partitionKey: place.partition, rowKey: HEAD };
  return {
    note,
    async read() {
      // Taken before the read: what others see meanwhile may be newer than what it answers.
      const before = place.isKept ? seen : undefined;
      const head = await readHead(place);
      if (before && isBehind(before, head)) {
        throw refuseRow(guard, keys, head.etag === undefined ? 'missing' : 'older');
      }
      const isFirst = place.isKept ? before === undefined : head.etag === undefined;
      const end = isFirst ? await toEnd(place, head) : head;
      guard.monitor.clear(guard.table, toStreamKey(keys));
      note(end);
      return end;
    },
  };
}

function isBehind(seen: StreamHead, head: StreamHead): boolean {
  if (head.etag === undefined) return seen.etag !== undefined;
  const [before, after] = [seen.acceptedAt ?? 0, head.acceptedAt ?? 0];
  return after < before || (after === before && head.next < seen.next);
}

/** A head behind which nothing lies; one that has entries behind it was put back or is gone. */
async function toEnd(place: StreamPlace, first: StreamHead): Promise<StreamHead> {
  let head = first;
  for (let reads = 0; reads < READS; reads++) {
    const isEnd =
      head.etag === undefined ? await isEmpty(place) : !(await hasEntryFrom(place, head.next));
    if (isEnd) return head;
    const again = await readHead(place);
    if (again.etag === head.etag) break;
    head = again;
  }
  const problem = head.etag === undefined ? 'missing' : 'older';
  const keys = { partitionKey: place.partition, rowKey: HEAD };
  if (!place.guard) return head;
  throw refuseRow(place.guard, keys, problem);
}

async function isEmpty({ open, partition }: StreamPlace): Promise<boolean> {
  const query = { filter: odata`PartitionKey eq ${partition}`, select: ['RowKey'] };
  return (await reachStorage(() => readRows(open, query, 1))).length === 0;
}

/** Whether there is an entry at or behind a number that a broker wrote. */
async function hasEntryFrom(place: StreamPlace, from: number): Promise<boolean> {
  const { open, partition, guard } = place;
  const filter = odata`PartitionKey eq ${partition} and RowKey ge ${toRowKey(from)} and RowKey lt ${HEAD}`;
  return await reachStorage(async () => {
    for await (const page of readPages(open, filter, PAGE)) {
      for (const row of page) {
        const isEntry = findSequence(row.rowKey) !== undefined;
        if (isEntry && (await verifyRow(guard, row)) === 'valid') return true;
      }
    }
    return false;
  });
}
