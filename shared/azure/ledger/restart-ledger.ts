import { randomUUID } from 'node:crypto';
import { FIRST_PREVIOUS_HASH } from '../../audit/event-json.ts';
import type { ChainPlace } from '../../audit/verify-chain.ts';
import { BrokerError } from '../../errors.ts';
import { readRow } from '../authority/row-io.ts';
import { type AppendParts, tryAppend } from './append-events.ts';
import { toEventKey } from './event-row.ts';
import { saveSnapshot } from './index-snapshot.ts';
import { CHAIN, createLedgerHead, HEAD } from './ledger-head.ts';
import { findBounds } from './list-events.ts';

/**
 * Begins another ledger, by an operator's word. Its first event names the place that the one before had reached, as far as
 * this process knows it. Rows that this process knows keep their versions; others are believed once they are accepted.
 */
export async function restartLedger(parts: AppendParts, actor: string): Promise<void> {
  const { open, index, blobs, follower, now } = parts;
  const carried = index.list(now());
  const after = await findEnd(parts);
  const snapshot = carried.length > 0 ? await saveSnapshot(blobs, carried) : undefined;
  const generation = Math.max(now(), (follower.findPlace()?.generation ?? 0) + 1);
  const fresh = createLedgerHead({ ledgerId: randomUUID(), generation }, after);
  const row = await readRow(open, { partitionKey: CHAIN, rowKey: HEAD });
  const head = { ...fresh, etag: row?.etag, snapshot, startedBy: actor };
  if (!(await tryAppend(parts, head, { events: [], commit: randomUUID() }))) throw toBusyError();
  for (const change of carried) index.apply(change);
  parts.monitor.clear('acts', HEAD);
}

/** The last event that this process has followed, or that is there. */
async function findEnd({ open, follower }: AppendParts): Promise<ChainPlace> {
  const followed = follower.findPlace();
  const sequence = (await findBounds(open)).next - 1;
  if (followed && followed.sequence >= sequence) return followed;
  const row = await readRow(open, { partitionKey: CHAIN, rowKey: toEventKey(sequence) });
  return { sequence, hash: typeof row?.hash === 'string' ? row.hash : FIRST_PREVIOUS_HASH };
}

function toBusyError(): BrokerError {
  return new BrokerError('temporarily_unavailable', 'The ledger is being written by others.', {
    owner: 'caller',
    remedy: 'Try again.',
    retryAfterSeconds: 1,
  });
}
