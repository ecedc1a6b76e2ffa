import type { LedgerProblem } from '../../authority/integrity.ts';
import { readRow } from '../authority/row-io.ts';
import { isBehind, type LedgerFollower, type LedgerParts } from './follow-ledger.ts';
import { findSnapshot } from './index-snapshot.ts';
import { CHAIN, HEAD, parseLedgerHead } from './ledger-head.ts';

/** Why a ledger can't go on under its head; `undefined`: it can. */
export async function findHeadDamage(
  parts: LedgerParts & { readonly follower: Pick<LedgerFollower, 'findPlace'> },
): Promise<LedgerProblem | 'forged' | 'key_lost' | 'missing' | undefined> {
  const row = await readRow(parts.open, { partitionKey: CHAIN, rowKey: HEAD });
  if (!row) return 'missing';
  const verdict = await parts.rows.verify(row);
  if (verdict !== 'valid') return verdict;
  const head = parseLedgerHead(row);
  if (isBehind(parts.follower.findPlace(), head)) return 'cut';
  if (head.snapshot && !(await findSnapshot(parts.blobs, head.snapshot))) return 'snapshot';
  return undefined;
}
