import type { AuditEvent } from '../../audit/audit-event.ts';
import { FIRST_PREVIOUS_HASH } from '../../audit/chain/event-json.ts';
import { type ChainPlace, walkChain } from '../../audit/chain/verify-chain.ts';
import { parseEventRow, toEventKey } from '../events/event-row.ts';
import { CHAIN, HEAD, type LedgerHead } from '../events/ledger-head.ts';
import { reachStorage } from '../requests/storage-error.ts';
import { odata } from '../tables/odata.ts';
import { readPages } from '../tables/table-store.ts';
import type { AppendParts } from './ledger-parts.ts';

const PAGE = 1000;

/** Where a ledger ended, and from which event on it can still be walked to that end. */
interface KeptChain extends Pick<LedgerHead, 'first' | 'firstPrevious'> {
  readonly end: ChainPlace;
}

/** Walks over every event that a broker wrote, whatever the head says. */
export async function findKeptChain(parts: AppendParts): Promise<KeptChain> {
  const followed = parts.follower.findPlace();
  let start: AuditEvent | undefined;
  let last: AuditEvent | undefined;
  await readValidEvents(parts, 0, (event) => {
    if (!last || !isNext(last, event)) start = event;
    last = event;
  });
  const found = last ? toPlace(last) : { sequence: 0, hash: FIRST_PREVIOUS_HASH };
  const end = followed && followed.sequence > found.sequence ? toPlace(followed) : found;
  return start && end === found
    ? { end, first: start.sequence, firstPrevious: start.previousHash }
    : { end, first: end.sequence + 1, firstPrevious: end.hash };
}

/** Whether there is an event at or behind a number that a broker wrote. */
export async function hasEventFrom(
  { open, rows }: Pick<AppendParts, 'open' | 'rows'>,
  from: number,
): Promise<boolean> {
  const filter = toFilter(from);
  return await reachStorage(async () => {
    for await (const page of readPages(open, filter, PAGE)) {
      for (const row of page) if ((await rows.verify(row)) === 'valid') return true;
    }
    return false;
  });
}

/** The events behind a place up to a number; `undefined`: they are no chain that begins there. */
export async function readChain(
  parts: Pick<AppendParts, 'open' | 'rows'>,
  after: ChainPlace,
  to: number,
): Promise<readonly AuditEvent[] | undefined> {
  const walk = walkChain(toPlace(after));
  const events: AuditEvent[] = [];
  await readValidEvents(parts, after.sequence + 1, (event) => {
    if (event.sequence > to) return;
    walk.take(event);
    events.push(event);
  });
  return walk.problem || walk.last.sequence !== to ? undefined : events;
}

/** Calls for each event at or behind a number that a broker wrote, in order. */
async function readValidEvents(
  { open, rows }: Pick<AppendParts, 'open' | 'rows'>,
  from: number,
  take: (event: AuditEvent) => void,
): Promise<void> {
  const filter = toFilter(from);
  await reachStorage(async () => {
    for await (const page of readPages(open, filter, PAGE)) {
      for (const row of page) {
        if ((await rows.verify(row)) === 'valid') take(parseEventRow(row));
      }
    }
  });
}

function toFilter(from: number): string {
  return odata`PartitionKey eq ${CHAIN} and RowKey ge ${toEventKey(from)} and RowKey lt ${HEAD}`;
}

function isNext(last: AuditEvent, event: AuditEvent): boolean {
  const walk = walkChain(last);
  walk.take(event);
  return walk.problem === undefined;
}

function toPlace({ sequence, hash }: ChainPlace): ChainPlace {
  return { sequence, hash };
}
