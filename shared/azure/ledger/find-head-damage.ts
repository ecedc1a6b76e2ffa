import type { LedgerProblem } from '../../authority/integrity.ts';
import { readRow } from '../authority/row-io.ts';
import { toEventKey } from '../events/event-row.ts';
import { findSnapshot } from '../events/index-snapshot.ts';
import { CHAIN, HEAD, type LedgerHead, parseLedgerHead } from '../events/ledger-head.ts';
import { reachStorage } from '../requests/storage-error.ts';
import { hasEventFrom } from './find-kept-chain.ts';
import { isBehind } from './follow-ledger.ts';
import type { LedgerFollower, LedgerParts } from './ledger-parts.ts';

/** Why a ledger can't go on under its head; `undefined`: it can. */
export async function findHeadDamage(
  parts: LedgerParts & { readonly follower: Pick<LedgerFollower, 'findPlace'> },
): Promise<LedgerProblem | 'forged' | 'key_lost' | 'missing' | undefined> {
  // Known before the head is read: an append meanwhile makes the answer old, and nothing wrong.
  const known = parts.follower.findPlace();
  const row = await readRow(parts.open, { partitionKey: CHAIN, rowKey: HEAD });
  if (!row) return 'missing';
  const verdict = await parts.rows.verify(row);
  if (verdict !== 'valid') return verdict;
  const head = parseLedgerHead(row);
  if (isBehind(known, head)) return 'cut';
  if (await isCut(parts, head)) return 'cut';
  if (head.snapshot && !(await findSnapshot(parts.blobs, head.snapshot))) return 'snapshot';
  return undefined;
}

/** Whether events lie behind a head although nobody has moved it since it was read. */
export async function isCut(parts: LedgerParts, { next }: LedgerHead): Promise<boolean> {
  if (!(await hasEventFrom(parts, next))) return false;
  const row = await readRow(parts.open, { partitionKey: CHAIN, rowKey: HEAD });
  return row?.next === String(next);
}

/**
 * Raises the alarm where an append lost although nobody appended: its head was only written anew.
 */
export async function reportTouched(
  { open, monitor }: LedgerParts,
  { etag, commit, first }: LedgerHead,
): Promise<void> {
  const row = await readRow(open, { partitionKey: CHAIN, rowKey: HEAD });
  if (etag === undefined || !row || row.etag === etag) return;
  const isSame = row.commit === commit && row.first === String(first);
  if (isSame) monitor.report({ table: 'acts', key: HEAD, problem: 'touched' });
}

/**
 * A row behind the head that no broker wrote is in everybody's way; one that a broker wrote means
 * that the head was put back.
 */
export async function removeForged(
  { open, rows, monitor }: LedgerParts,
  head: LedgerHead,
): Promise<void> {
  const id = { partitionKey: CHAIN, rowKey: toEventKey(head.next) };
  const row = await readRow(open, id);
  if (!row || (await isMoved(open, head))) return;
  if ((await rows.verify(row)) === 'valid') {
    throw monitor.report({ table: 'acts', key: 'head', problem: 'cut' });
  }
  monitor.report({ table: 'acts', key: id.rowKey, problem: 'forged' });
  await reachStorage(async () => await (await open()).deleteEntity(CHAIN, id.rowKey), [404]);
}

async function isMoved(open: LedgerParts['open'], { etag }: LedgerHead): Promise<boolean> {
  return (await readRow(open, { partitionKey: CHAIN, rowKey: HEAD }))?.etag !== etag;
}
