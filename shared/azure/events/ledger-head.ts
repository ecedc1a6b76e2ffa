import * as v from 'valibot';
import { FIRST_PREVIOUS_HASH } from '../../audit/chain/event-json.ts';
import type { ChainPlace } from '../../audit/chain/verify-chain.ts';
import { AUTHORITY_TABLES, type RowChange } from '../../audit/row-state.ts';
import type { ReadRow, Row } from '../tables/row.ts';

/** All events lie in one partition, in the order of their numbers. */
export const CHAIN = 'chain';

/** The row key of the head; sorts behind every number. */
export const HEAD = 'head';

/** A row's change with the number of its event. */
interface NumberedChange extends RowChange {
  readonly sequence: number;
}

/**
 * The row that counts the events and names the last one. It changes with each append, under its
 * ETag.
 */
export interface LedgerHead {
  /** `undefined`: there is no row yet. */
  readonly etag: string | undefined;
  readonly ledgerId: string;
  /**
   * When the ledger began (epoch milliseconds); only an operator's act begins another, which counts
   * from then on.
   */
  readonly generation: number;
  /** Who began it; only of a head that is not written yet. */
  readonly startedBy?: string;
  /** The number that the next event gets. */
  readonly next: number;
  /** The hash of the last event. */
  readonly hash: string;
  /** The oldest event that is kept, and the hash of the one before it. */
  readonly first: number;
  readonly firstPrevious: string;
  /** Up to this event the snapshot has every row's version; `recent` has the changes after it. */
  readonly base: number;
  readonly snapshot: { readonly name: string; readonly hash: string } | undefined;
  readonly recent: readonly NumberedChange[];
  /** Which append moved it last. */
  readonly commit: string;
}

// Numbers are text: a whole number without a type would have to fit into 32 bits.
const numberSchema = v.pipe(v.string(), v.transform(Number), v.safeInteger());

const recentSchema = v.pipe(
  v.tuple([
    v.number(),
    v.picklist(AUTHORITY_TABLES),
    v.string(),
    v.number(),
    v.nullable(v.string()),
    v.nullable(v.number()),
  ]),
  v.transform(
    ([sequence, table, key, version, digest, endsAt]): NumberedChange => ({
      sequence,
      table,
      key,
      version,
      digest: digest ?? undefined,
      endsAt: endsAt ?? undefined,
    }),
  ),
);

const headSchema = v.pipe(
  v.object({
    etag: v.string(),
    ledger: v.string(),
    generation: numberSchema,
    next: numberSchema,
    hash: v.string(),
    first: numberSchema,
    firstPrevious: v.string(),
    base: numberSchema,
    snapshot: v.optional(v.string()),
    snapshotHash: v.optional(v.string()),
    recent: v.pipe(v.string(), v.parseJson(), v.array(recentSchema)),
    commit: v.string(),
  }),
  v.transform(
    ({ ledger, snapshot, snapshotHash = '', ...head }): LedgerHead => ({
      ...head,
      ledgerId: ledger,
      snapshot: snapshot === undefined ? undefined : { name: snapshot, hash: snapshotHash },
    }),
  ),
);

/** The head of a ledger that has no event yet; `after`: where the ledger before it ended. */
export function createLedgerHead(
  { ledgerId, generation }: Pick<LedgerHead, 'ledgerId' | 'generation'>,
  after: ChainPlace = { sequence: 0, hash: FIRST_PREVIOUS_HASH },
): LedgerHead {
  return {
    etag: undefined,
    ledgerId,
    generation,
    next: after.sequence + 1,
    hash: after.hash,
    first: after.sequence + 1,
    firstPrevious: after.hash,
    base: after.sequence,
    snapshot: undefined,
    recent: [],
    commit: '',
  };
}

/** Whether no event was appended under it yet. */
export function isFresh({ commit }: LedgerHead): boolean {
  return commit === '';
}

/** Reads a head whose MAC is valid; throws for one of another version. */
export function parseLedgerHead(row: ReadRow): LedgerHead {
  return v.parse(headSchema, row);
}

/** The head as a row, to be signed. */
export function toHeadRow(head: LedgerHead): Row {
  return {
    partitionKey: CHAIN,
    rowKey: HEAD,
    ledger: head.ledgerId,
    generation: String(head.generation),
    next: String(head.next),
    hash: head.hash,
    first: String(head.first),
    firstPrevious: head.firstPrevious,
    base: String(head.base),
    snapshot: head.snapshot?.name,
    snapshotHash: head.snapshot?.hash,
    recent: JSON.stringify(head.recent.map(toTuple)),
    commit: head.commit,
  };
}

function toTuple({ sequence, table, key, version, digest, endsAt }: NumberedChange) {
  return [sequence, table, key, version, digest ?? null, endsAt ?? null];
}
