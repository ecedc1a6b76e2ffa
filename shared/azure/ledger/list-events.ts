import type { AuditEvent } from '../../audit/audit-event.ts';
import type { EventQuery } from '../../audit/event-ledger.ts';
import type { LedgerPage } from '../../audit/issuance-ledger.ts';
import { MAX_CLOCK_SKEW_MS } from '../../time.ts';
import type { RowSeal } from '../authority/row-seal.ts';
import { parseEventRow, toEventKey } from '../events/event-row.ts';
import { CHAIN, HEAD, type LedgerHead } from '../events/ledger-head.ts';
import { reachStorage } from '../requests/storage-error.ts';
import { odata } from '../tables/odata.ts';
import type { ReadRow } from '../tables/row.ts';
import { type OpenTable, readRows } from '../tables/table-store.ts';

/**
 * Numbers that one read looks at, and reads of one page: a page may be short while there is a next
 * one.
 */
const WINDOW = 1000;
const MAX_WINDOWS = 20;

/** Numbers from `from` up to and including `to`. */
interface Range {
  readonly from: number;
  readonly to: number;
}

/** Where events lie. */
interface EventRows {
  readonly open: OpenTable;
  readonly rows: RowSeal;
}

/**
 * One page of the events that a query asks for, in their order or the other way round; what no
 * broker wrote is left out.
 */
export async function listEvents(
  parts: EventRows,
  { first, next }: Pick<LedgerHead, 'first' | 'next'>,
  query: EventQuery,
): Promise<LedgerPage<AuditEvent>> {
  const { order, after, limit } = query;
  let range = await narrow(parts.open, { from: first, to: next - 1 }, query);
  if (after !== undefined) range = goOn(range, order, Number(after));
  const records: AuditEvent[] = [];
  for (let reads = 0; reads < MAX_WINDOWS && range.from <= range.to; reads++) {
    const window = toWindow(range, order);
    const events = await readWindow(parts, window, query);
    for (const event of order === 'asc' ? events : events.toReversed()) {
      records.push(event);
      if (records.length === limit) return { records, next: toNext(range, order, event.sequence) };
    }
    range = goOn(range, order, order === 'asc' ? window.to : window.from);
  }
  const isEnd = range.from > range.to;
  const looked = order === 'asc' ? range.from - 1 : range.to + 1;
  return { records, next: isEnd ? undefined : String(looked) };
}

/** The cursor behind an event, unless it is the last. */
function toNext(range: Range, order: EventQuery['order'], sequence: number): string | undefined {
  const rest = goOn(range, order, sequence);
  return rest.from > rest.to ? undefined : String(sequence);
}

function goOn({ from, to }: Range, order: EventQuery['order'], seen: number): Range {
  return order === 'asc'
    ? { from: Math.max(from, seen + 1), to }
    : { from, to: Math.min(to, seen - 1) };
}

function toWindow({ from, to }: Range, order: EventQuery['order']): Range {
  return order === 'asc'
    ? { from, to: Math.min(to, from + WINDOW - 1) }
    : { from: Math.max(from, to - WINDOW + 1), to };
}

async function readWindow(
  { open, rows }: EventRows,
  { from, to }: Range,
  asked: EventQuery,
): Promise<readonly AuditEvent[]> {
  const { tenantHash, since, until } = asked;
  const filter = [
    odata`PartitionKey eq ${CHAIN} and RowKey ge ${toEventKey(from)} and RowKey le ${toEventKey(to)}`,
    tenantHash && odata`tenantHash eq ${tenantHash}`,
    since !== undefined && odata`recordedAt ge ${new Date(since)}`,
    until !== undefined && odata`recordedAt lt ${new Date(until)}`,
  ];
  const query = filter.filter(Boolean).join(' and ');
  const read = await reachStorage(() => readRows(open, query, WINDOW));
  const verdicts = await Promise.all(read.map(rows.verify));
  const events = read.filter((_, index) => verdicts[index] === 'valid').map(parseEventRow);
  return events.filter((event) => isAskedFor(event, asked));
}

/** What no column of the row says. */
function isAskedFor(event: AuditEvent, { actor, subject, acts }: EventQuery): boolean {
  return (
    (actor === undefined || event.actor === actor) &&
    (subject === undefined || event.subject === subject) &&
    (acts === undefined || acts.has(event.act))
  );
}

/** The numbers of the events that are there, whatever a head may say of them. */
export async function findBounds(open: OpenTable): Promise<Pick<LedgerHead, 'first' | 'next'>> {
  const first = await findSequence(open, 0);
  if (first === undefined) return { first: 1, next: 1 };
  let [low, high] = [first, first * 2];
  while ((await findSequence(open, high)) !== undefined) [low, high] = [high, high * 2];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if ((await findSequence(open, middle)) === undefined) high = middle;
    else low = middle;
  }
  return { first, next: low + 1 };
}

/** The number of the first event at or behind a number. */
async function findSequence(open: OpenTable, sequence: number): Promise<number | undefined> {
  const row = await findRowFrom(open, sequence);
  return row && Number(row.rowKey);
}

/** The numbers among which the query's times lie, found by halving. */
async function narrow(open: OpenTable, range: Range, { since, until }: EventQuery): Promise<Range> {
  const from =
    since === undefined ? range.from : await findFirstSince(open, range, since - MAX_CLOCK_SKEW_MS);
  const to =
    until === undefined
      ? range.to
      : (await findFirstSince(open, range, until + MAX_CLOCK_SKEW_MS)) - 1;
  return { from, to };
}

async function findFirstSince(open: OpenTable, { from, to }: Range, time: number): Promise<number> {
  let [low, high] = [from, to + 1];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const recordedAt = await findTime(open, middle);
    if (recordedAt !== undefined && recordedAt < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** When the event at or behind a number was recorded. */
async function findTime(open: OpenTable, sequence: number): Promise<number | undefined> {
  const row = await findRowFrom(open, sequence);
  return row?.recordedAt instanceof Date ? row.recordedAt.getTime() : undefined;
}

async function findRowFrom(open: OpenTable, sequence: number): Promise<ReadRow | undefined> {
  const filter = odata`PartitionKey eq ${CHAIN} and RowKey ge ${toEventKey(sequence)} and RowKey lt ${HEAD}`;
  const query = { filter, select: ['RowKey', 'recordedAt'] };
  return (await reachStorage(() => readRows(open, query, 1)))[0];
}
