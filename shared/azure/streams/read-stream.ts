import type { MacVerdict } from '../authority/row-seal.ts';
import { reachStorage } from '../requests/storage-error.ts';
import { odata } from '../tables/odata.ts';
import type { ReadRow } from '../tables/row.ts';
import { readPages } from '../tables/table-store.ts';
import { readHead } from './head-row.ts';
import {
  findForgery,
  reportRows,
  type StreamPlace,
  toStreamKey,
  verifyRow,
} from './stream-guard.ts';
import { findSequence, HEAD, toRowKey } from './stream-keys.ts';

/** What a page of Table Storage holds at most. */
const MAX_PAGE_ROWS = 1000;

/** Rows with odd keys that one read goes over: who plants more stops the readers, with an alarm. */
const MAX_ODD_ROWS = 10_000;

/** A row with its number and what its MAC says. */
interface Entry {
  readonly row: ReadRow;
  readonly sequence: number;
  readonly verdict: MacVerdict;
}

/** Rows of a stream in order, with their numbers. */
interface StreamRows {
  readonly believed: readonly { readonly row: ReadRow; readonly sequence: number }[];
  /** Numbers whose rows no broker wrote. */
  readonly refused: readonly number[];
  /** The number that was looked at last; never beyond what the head has given. */
  readonly position: number;
}

/** The rows behind a number, `limit` at most; the alarm names those that no broker wrote. */
export async function readStream(
  place: StreamPlace,
  after: number,
  limit: number,
): Promise<StreamRows> {
  const entries = await readEntries(place, after, limit);
  const refused = entries.filter(({ verdict }) => verdict !== 'valid');
  reportRows(place.guard, refused.map(toFinding));
  const believed = entries.filter(({ verdict }) => verdict === 'valid');
  for (const { row } of believed) place.guard?.monitor.clear(place.guard.table, toStreamKey(row));
  const position = await findPosition(place, after, entries);
  const numbers = refused.map(({ sequence }) => sequence);
  return { believed, refused: numbers.filter((number) => number <= position), position };
}

function toFinding({ row, verdict }: Entry) {
  return { row, problem: findForgery(verdict) ?? 'forged' } as const;
}

async function readEntries(
  place: StreamPlace,
  after: number,
  limit: number,
): Promise<readonly Entry[]> {
  const { open, partition, guard } = place;
  const filter = odata`PartitionKey eq ${partition} and RowKey gt ${toRowKey(after)} and RowKey lt ${HEAD}`;
  const numbered: { readonly row: ReadRow; readonly sequence: number }[] = [];
  const odd: ReadRow[] = [];
  await reachStorage(async () => {
    for await (const page of readPages(open, filter, Math.min(limit, MAX_PAGE_ROWS))) {
      for (const row of page) {
        const sequence = findSequence(row.rowKey);
        if (sequence === undefined) odd.push(row);
        else numbered.push({ row, sequence });
      }
      if (numbered.length >= limit || odd.length > MAX_ODD_ROWS) break;
    }
  });
  reportRows(guard, odd.map(toOddFinding));
  const toEntry = async (one: (typeof numbered)[number]): Promise<Entry> => {
    return { ...one, verdict: await verifyRow(guard, one.row) };
  };
  return await Promise.all(numbered.slice(0, limit).map(toEntry));
}

function toOddFinding(row: ReadRow) {
  return { row, problem: 'forged' } as const;
}

/**
 * Readers pass by what no broker wrote, but not beyond the head: the numbers there are still to be
 * given, and their changes must not be missed.
 */
async function findPosition(
  place: StreamPlace,
  after: number,
  entries: readonly Entry[],
): Promise<number> {
  const last = entries.at(-1);
  if (!last) return after;
  if (last.verdict === 'valid') return last.sequence;
  const { next } = await readHead(place);
  return Math.max(after, Math.min(last.sequence, next - 1));
}
