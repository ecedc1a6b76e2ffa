import type { LedgerProblem } from '../../authority/integrity.ts';
import { readRow } from '../authority/row-io.ts';
import { findSnapshot } from '../events/index-snapshot.ts';
import { CHAIN, HEAD, type LedgerHead, parseLedgerHead } from '../events/ledger-head.ts';
import { hasEventFrom } from './find-kept-chain.ts';
import { isBehind, type LedgerFollower, type LedgerParts } from './follow-ledger.ts';

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
