import type { AuditEvent } from '../../audit/audit-event.ts';
import { FIRST_PREVIOUS_HASH } from '../../audit/chain/event-json.ts';
import { type ChainProblem, type ChainWalk, walkChain } from '../../audit/chain/verify-chain.ts';
import type { ChainReport, EventLedger } from '../../audit/event-ledger.ts';
import { isIntegrityError } from '../../authority/integrity.ts';
import { type AppendedEvent, toAppendedEvents } from '../events/chain-events.ts';
import { parseEventRow, toEventKey } from '../events/event-row.ts';
import { CHAIN, type LedgerHead } from '../events/ledger-head.ts';
import { reachStorage } from '../requests/storage-error.ts';
import { createGroupCommit } from '../streams/group-commit.ts';
import { odata } from '../tables/odata.ts';
import type { ReadRow } from '../tables/row.ts';
import { readPages } from '../tables/table-store.ts';
import { appendEvents, MAX_EVENTS } from './append-events.ts';
import { isCut } from './find-head-damage.ts';
import type { AppendParts } from './ledger-parts.ts';
import { findBounds, listEvents } from './list-events.ts';
import { restartLedger } from './restart-ledger.ts';
import { trimEvents } from './trim-events.ts';

/** What a row takes besides the event's text, in a transaction. */
const ROW_BYTES = 1000;

/**
 * Creates the chain of audit events in the table `acts`, over a follower that knows how far it has
 * come.
 */
export function createEventLedger(parts: AppendParts): EventLedger {
  const append = createGroupCommit<AppendedEvent>({
    commit: (events) => appendEvents(parts, events),
    most: MAX_EVENTS,
    sizeOf: ({ event }) => ROW_BYTES + 2 * Buffer.byteLength(JSON.stringify(event)),
  });
  return {
    append: (events) => append(toAppendedEvents(events)),
    begin: () => appendEvents(parts, []),
    list: async (query) =>
      await listEvents(parts, (await findHead(parts)) ?? (await findBounds(parts.open)), query),
    verify: () => verify(parts),
    restart: (actor) => restartLedger(parts, actor),
    removeBefore: (time, limit) => trimEvents(parts, time, limit),
  };
}

/** Reads every event up to the head. */
async function verify(parts: AppendParts): Promise<ChainReport> {
  const head = await findHead(parts);
  const checkedAt = parts.now();
  if (!head) return await toHeadless(parts, checkedAt);
  const walk = walkChain({ sequence: head.first - 1, hash: head.firstPrevious });
  await walkOver(parts, head, walk);
  const { ledgerId, first, next, hash } = head;
  const place = { sequence: next - 1, hash };
  const problem = walk.end(place) ?? (await findRest(parts, head));
  return { ledgerId, first, head: place, problem, checkedAt };
}

/** Events behind the head: somebody put an older one back. */
async function findRest(parts: AppendParts, head: LedgerHead): Promise<ChainProblem | undefined> {
  return (await isCut(parts, head)) ? { problem: 'cut', sequence: head.next } : undefined;
}

/** `undefined`: there is none, or none to believe; the monitor knows which. */
async function findHead({ follower }: AppendParts): Promise<LedgerHead | undefined> {
  try {
    return await follower.readForAppend();
  } catch (error) {
    if (isIntegrityError(error)) return undefined;
    throw error;
  }
}

/** Events without a head to believe are a chain that does not hold. */
async function toHeadless({ open }: AppendParts, checkedAt: number): Promise<ChainReport> {
  const { first, next } = await findBounds(open);
  const head = { sequence: next - 1, hash: FIRST_PREVIOUS_HASH };
  const problem = next > first ? ({ problem: 'head', sequence: next - 1 } as const) : undefined;
  return { ledgerId: undefined, first, head, problem, checkedAt };
}

async function walkOver(
  { open, rows }: AppendParts,
  { first, next }: LedgerHead,
  walk: ChainWalk,
): Promise<void> {
  const filter = odata`PartitionKey eq ${CHAIN} and RowKey ge ${toEventKey(first)} and RowKey lt ${toEventKey(next)}`;
  await reachStorage(async () => {
    for await (const page of readPages(open, filter, 1000)) {
      for (const row of page) {
        walk.take((await rows.verify(row)) === 'valid' ? parseEventRow(row) : toForged(row));
      }
    }
  });
}

/** What no broker wrote stands in the chain as an event that does not have its hash. */
function toForged({ rowKey }: ReadRow): AuditEvent {
  return {
    sequence: Number(rowKey),
    previousHash: '',
    hash: '',
    recordedAt: 0,
    occurredAt: undefined,
    actor: '',
    act: 'ledger.start',
    tenantHash: undefined,
    subject: undefined,
    detail: undefined,
    changes: [],
    rows: [],
    correlationId: '',
  };
}
