import { randomUUID } from 'node:crypto';
import { type BrokerError, toBusyError } from '../../errors.ts';
import { retryRace } from '../../retry/race.ts';
import { eraseRow, readRow } from '../authority/row-io.ts';
import {
  type AppendedEvent,
  type ChainedEvent,
  chainEvents,
  logEvents,
} from '../events/chain-events.ts';
import { toEventKey } from '../events/event-row.ts';
import { CHAIN, createLedgerHead, isFresh, type LedgerHead } from '../events/ledger-head.ts';
import { removeForged, reportTouched } from './find-head-damage.ts';
import type { AppendParts } from './ledger-parts.ts';
import { ONCE, writeEvents } from './write-events.ts';

/** Events of one transaction; some bring a second row, and the head needs one. */
export const MAX_EVENTS = 45;

/**
 * Appends events in one transaction with the head: all or none, each exactly once. The answer to a
 * transaction can be lost; the commit's id on its events tells then that it was ours. Only one
 * append of a process may run at once.
 */
export async function appendEvents(
  parts: AppendParts,
  events: readonly AppendedEvent[],
): Promise<void> {
  const commit = randomUUID();
  const tried: Tried = new Map();
  await retryRace({ schedule: 'race.storage', toBusyError: toLedgerBusyError }, async () => {
    const head = await readOrBegin(parts);
    if (await wasCommitted(parts, tried, commit)) return head;
    const news = await withoutRecorded(parts, events);
    if (news.length === 0 && !isFresh(head)) return head;
    const chained = chainEvents(head, news, parts.now());
    tried.set(head.next, chained);
    try {
      if (await writeEvents(parts, head, { chained, commit })) {
        logEvents(parts.log, chained);
        return head;
      }
    } catch (error) {
      if (await wasCommitted(parts, tried, commit).catch(() => false)) return head;
      throw error;
    }
    await removeForged(parts, head);
    await reportTouched(parts, head);
    return undefined;
  });
}

/** What was tried to be written, by its first number. */
type Tried = Map<number, readonly ChainedEvent[]>;

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

/** Whether an earlier try was ours after all: its hashes go to the log now. */
async function wasCommitted(
  { open, log }: AppendParts,
  tried: Tried,
  commit: string,
): Promise<boolean> {
  for (const [sequence, chained] of tried) {
    const row = await readRow(open, { partitionKey: CHAIN, rowKey: toEventKey(sequence) });
    if (row?.commit !== commit) continue;
    logEvents(log, chained);
    return true;
  }
  return false;
}

async function withoutRecorded(
  parts: AppendParts,
  events: readonly AppendedEvent[],
): Promise<readonly AppendedEvent[]> {
  const recorded = await Promise.all(
    events.map(
      async ({ event: { once } }) => once !== undefined && (await wasRecorded(parts, ONCE + once)),
    ),
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
