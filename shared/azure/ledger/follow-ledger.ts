import type { RowChange } from '../../audit/row-state.ts';
import type { LedgerProblem } from '../../authority/integrity.ts';
import { readRow } from '../authority/row-io.ts';
import { toEventKey } from '../events/event-row.ts';
import { findSnapshot } from '../events/index-snapshot.ts';
import { CHAIN, HEAD, type LedgerHead, parseLedgerHead } from '../events/ledger-head.ts';
import { reachStorage } from '../requests/storage-error.ts';
import { hasEventFrom, readChain } from './find-kept-chain.ts';
import type { Followed, LedgerFollower, LedgerParts } from './ledger-parts.ts';

/**
 * Creates the follower. What it has seen once counts: a head that is older, or gone, is an alarm,
 * and the index keeps what it knows. Of two versions of a row the higher one counts, so a head that
 * somebody put back takes nothing away.
 */
export function createLedgerFollower(parts: LedgerParts): LedgerFollower {
  let followed: Followed | undefined;

  const toProblem = (problem: LedgerProblem | 'forged' | 'key_lost' | 'missing') =>
    parts.monitor.report({ table: 'acts', key: HEAD, problem });
  const take = async (head: LedgerHead): Promise<boolean> => {
    const news = await takeHead({ parts, toProblem }, followed, head);
    const isChange = followed?.hash !== news.hash;
    if (!isBefore(news, followed)) followed = news;
    return isChange;
  };

  /**
   * Reads the head, which must not be older than what was known when the reading began. What this
   * process appended meanwhile, or another reading found, may well be newer than the answer.
   */
  const read = async (): Promise<{ head: LedgerHead | undefined; isNews: boolean }> => {
    const known = followed;
    const head = known ? await readHead(parts, toProblem) : await readFirst(parts, toProblem);
    if (isBehind(known, head)) throw toProblem(head ? 'cut' : 'missing');
    if (!head || isBehind(followed, head)) return { head, isNews: false };
    return { head, isNews: await take(head) };
  };

  return {
    refresh: async () => (await read()).isNews,
    readForAppend: async () => (await read()).head,
    findPlace: () => followed,
    adopt(head, changes) {
      if (parts.index.ledgerId !== head.ledgerId) parts.index.reset(head.ledgerId, []);
      for (const change of changes) parts.index.apply(change);
      followed = toFollowed(head);
    },
  };
}

interface Judges {
  readonly parts: LedgerParts;
  readonly toProblem: (problem: LedgerProblem | 'forged' | 'key_lost' | 'missing') => Error;
}

/** Appends of others may come between two reads; each moves the head. */
const READS = 20;

/**
 * The head that a process begins with, which it can compare with nothing that it saw before: it has
 * to be the end of what is there. `undefined`: there is no ledger, and nothing that one would be
 * about.
 */
async function readFirst(
  parts: LedgerParts,
  toProblem: Judges['toProblem'],
): Promise<LedgerHead | undefined> {
  let last: { readonly head: LedgerHead | undefined } | undefined;
  for (let reads = 0; reads < READS; reads++) {
    const head = await readHead(parts, toProblem);
    if (last && last.head?.next === head?.next) break;
    const isEnd = head ? !(await hasEventFrom(parts, head.next)) : await parts.mayBegin();
    if (isEnd) return head;
    last = { head };
  }
  throw toProblem(last?.head ? 'cut' : 'missing');
}

/** Answers how far it came. */
async function takeHead(
  { parts, toProblem }: Judges,
  followed: Followed | undefined,
  head: LedgerHead,
): Promise<Followed> {
  const isSame = followed?.ledgerId === head.ledgerId;
  if (isSame && followed.hash === head.hash) return followed;
  const isForked = isSame && !(await isContinued(parts, followed, head));
  if (isForked) toProblem('forked');
  const apply = isForked ? toForkedApply(parts) : parts.index.apply;
  if (!isSame || head.base > followed.sequence) {
    for (const change of await readBase({ parts, toProblem }, head, followed)) apply(change);
  }
  for (const change of head.recent) apply(change);
  return toFollowed(head);
}

/**
 * Of two events about one version the one counts that this process saw before the chain was forked.
 */
function toForkedApply({ index, monitor }: LedgerParts): (change: RowChange) => void {
  return (change) => {
    const known = index.find(change);
    const isOther = known?.version === change.version && known.digest !== change.digest;
    if (!isOther) return index.apply(change);
    monitor.report({ table: change.table, key: change.key, problem: 'conflicting' });
  };
}

function toFollowed({ ledgerId, generation, next, hash }: LedgerHead): Followed {
  return { ledgerId, generation, sequence: next - 1, hash };
}

/** Whether a head is gone, or older than what was followed. */
export function isBehind(followed: Followed | undefined, head: LedgerHead | undefined): boolean {
  if (!followed) return false;
  if (!head || head.generation < followed.generation) return true;
  return head.ledgerId === followed.ledgerId && head.next - 1 < followed.sequence;
}

/** Whether one place comes before another in the same ledger. */
function isBefore(place: Followed, other: Followed | undefined): boolean {
  return place.ledgerId === other?.ledgerId && place.sequence < other.sequence;
}

/** Whether the event that was followed last is still where it was. */
async function isContinued(
  { open }: LedgerParts,
  { sequence, hash }: Followed,
  head: LedgerHead,
): Promise<boolean> {
  if (head.next - 1 === sequence) return false;
  if (sequence < head.first) return true;
  const row = await reachStorage(
    async () =>
      await (await open()).getEntity<{ hash: string }>(CHAIN, toEventKey(sequence), {
        queryOptions: { select: ['hash'] },
      }),
    [404],
  );
  return row?.hash === hash;
}

/**
 * What was changed up to where the head's own changes begin: by the snapshot or, where that is gone
 * or changed, by the events since the place that was followed. What they do not say is not
 * followed, so that nothing of it is forgotten.
 */
async function readBase(
  { parts, toProblem }: Judges,
  head: LedgerHead,
  followed: Followed | undefined,
): Promise<readonly RowChange[]> {
  const { index, blobs } = parts;
  const rows = head.snapshot ? await findSnapshot(blobs, head.snapshot) : [];
  const isKnown = followed !== undefined && index.ledgerId === head.ledgerId;
  if (!rows && !isKnown) throw toProblem('snapshot');
  if (index.ledgerId !== head.ledgerId) index.reset(head.ledgerId, []);
  if (rows) return rows;
  const error = toProblem('snapshot');
  const events = followed && (await readChain(parts, followed, head.base));
  if (!events) throw error;
  return events.flatMap((event) => event.rows);
}

/** A head that nobody else than the broker wrote; rejects with `integrity` for another one. */
async function readHead(
  { open, rows }: LedgerParts,
  toProblem: (problem: 'forged' | 'key_lost') => Error,
): Promise<LedgerHead | undefined> {
  const row = await readRow(open, { partitionKey: CHAIN, rowKey: HEAD });
  if (!row) return undefined;
  const verdict = await rows.verify(row);
  if (verdict !== 'valid') throw toProblem(verdict);
  return parseLedgerHead(row);
}
