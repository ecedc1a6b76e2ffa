import * as v from 'valibot';
import { readRow } from '../authority/row-io.ts';
import { reachStorage } from '../requests/storage-error.ts';
import type { ReadRow, Row } from '../tables/row.ts';
import { submitRows } from '../tables/row-batch.ts';
import { refuseRow, type StreamGuard, type StreamPlace, verifyRow } from './stream-guard.ts';
import { HEAD } from './stream-keys.ts';

/** The row that counts a stream's entries: they get their numbers under its ETag. */
export interface StreamHead {
  /** `undefined`: there is no row yet. */
  readonly etag: string | undefined;
  /** The number that the next entry gets. */
  readonly next: number;
  /** Up to here entries were removed by age. */
  readonly first: number;
  /** Which append moved it last. */
  readonly commit: string | undefined;
  /**
   * How far what the entries are made of was read; only of streams that are appended to under their
   * head.
   */
  readonly mark: number | undefined;
  /** When an operator accepted it as it stood (epoch milliseconds): it counts from then on. */
  readonly acceptedAt?: number | undefined;
}

// Numbers are text: a whole number without a type would have to fit into 32 bits.
const numberSchema = v.pipe(v.string(), v.transform(Number), v.safeInteger());
const headSchema = v.object({
  etag: v.string(),
  next: numberSchema,
  first: numberSchema,
  commit: v.string(),
  mark: v.optional(numberSchema),
  acceptedAt: v.optional(numberSchema),
});

/** The head as it stands; rejects with `integrity` for one that no broker wrote. */
export async function readHead({ open, partition, guard }: StreamPlace): Promise<StreamHead> {
  const row = await readRow(open, { partitionKey: partition, rowKey: HEAD });
  if (!row) return { etag: undefined, next: 1, first: 0, commit: undefined, mark: undefined };
  await assertOurs(guard, row);
  return parseHead(row);
}

async function assertOurs(guard: StreamGuard | undefined, row: ReadRow): Promise<void> {
  const verdict = await verifyRow(guard, row);
  if (guard && verdict !== 'valid') throw refuseRow(guard, row, verdict);
}

/** Reads a head; throws for a row that is none. */
export function parseHead(row: ReadRow): StreamHead {
  const { mark, acceptedAt, ...head } = v.parse(headSchema, row);
  return { ...head, mark, acceptedAt };
}

/** The head as a row, signed. */
export async function toHeadRow({ partition, guard }: StreamPlace, head: StreamHead): Promise<Row> {
  const { next, first, commit = '', mark, acceptedAt } = head;
  const row: Row = {
    partitionKey: partition,
    rowKey: HEAD,
    next: String(next),
    first: String(first),
    commit,
    ...(mark !== undefined && { mark: String(mark) }),
    ...(acceptedAt !== undefined && { acceptedAt: String(acceptedAt) }),
  };
  return guard ? await guard.rows.sign(row) : row;
}

/** Writes the head by itself; `false`: somebody else moved it. */
export async function writeHead(place: StreamPlace, head: StreamHead): Promise<boolean> {
  const row = await toHeadRow(place, head);
  const { etag } = head;
  const action = etag === undefined ? { create: row } : { replace: row, etag };
  return (await submitRows(await reachStorage(place.open), [action])) !== undefined;
}
