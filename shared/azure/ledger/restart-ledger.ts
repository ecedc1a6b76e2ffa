import { randomUUID } from 'node:crypto';
import { BrokerError, toBusyError } from '../../errors.ts';
import { readRow } from '../authority/row-io.ts';
import { chainEvents, logEvents } from '../events/chain-events.ts';
import { saveSnapshot } from '../events/index-snapshot.ts';
import { CHAIN, createLedgerHead, HEAD } from '../events/ledger-head.ts';
import { findHeadDamage, removeForged } from './find-head-damage.ts';
import { findKeptChain } from './find-kept-chain.ts';
import type { AppendParts } from './ledger-parts.ts';
import { writeEvents } from './write-events.ts';

/** Others may write, and rows that no broker wrote may be in the way. */
const ATTEMPTS = 5;

/**
 * Begins another ledger, by an operator's word and only where the one before can't go on. Its first
 * event follows the last one of the ledger before, and events that join it stay a part of the
 * chain. Rows that this process knows keep their versions; others are believed once they are
 * accepted.
 */
export async function restartLedger(parts: AppendParts, actor: string): Promise<void> {
  if ((await findHeadDamage(parts)) === undefined) throw toIntactError();
  const { open, index, blobs, follower, now } = parts;
  const carried = index.list(now());
  const { end, first, firstPrevious } = await findKeptChain(parts);
  const snapshot = carried.length > 0 ? await saveSnapshot(blobs, carried) : undefined;
  const generation = Math.max(now(), (follower.findPlace()?.generation ?? 0) + 1);
  const fresh = createLedgerHead({ ledgerId: randomUUID(), generation }, end);
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const row = await readRow(open, { partitionKey: CHAIN, rowKey: HEAD });
    const head = { ...fresh, first, firstPrevious, etag: row?.etag, snapshot, startedBy: actor };
    const chained = chainEvents(head, [], now());
    if (await writeEvents(parts, head, { chained, commit: randomUUID() })) {
      logEvents(parts.log, chained);
      for (const change of carried) index.apply(change);
      parts.monitor.clear('acts', HEAD);
      return;
    }
    if ((await findHeadDamage(parts)) === undefined) throw toIntactError();
    await removeForged(parts, head);
  }
  throw toBusyError('The ledger is being written by others.');
}

/** Another ledger beside an intact one would only hide what the intact one says. */
function toIntactError(): BrokerError {
  return new BrokerError('invalid_request', 'The ledger is intact and goes on as it is.', {
    owner: 'caller',
    remedy: 'Leave `ledger` out, and name the rows to accept.',
  });
}
