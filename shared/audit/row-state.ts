/**
 * The tables whose rows decide what callers get, who is a customer, where notifications go, and
 * what a saved query asks.
 */
export const AUTHORITY_TABLES = [
  'callers',
  'tenants',
  'invitations',
  'webhooks',
  'huntqueries',
] as const;

/** A table whose rows decide something. */
export type AuthorityTable = (typeof AUTHORITY_TABLES)[number];

/**
 * The tables of streams: their rows decide nothing, but nobody is to be answered what somebody else
 * wrote into them.
 */
const STREAM_TABLES = ['incidentchanges', 'webhookoutbox'] as const;

/** A table that holds a stream. */
export type StreamTable = (typeof STREAM_TABLES)[number];

/**
 * What is neither authenticated nor decides anything: the broker refuses a message or a row that
 * can't be its own, and names it for a while.
 */
export const REFUSAL_TABLES = ['queues', 'incidents', 'hunts'] as const;

/** Where something was refused. */
export type RefusalTable = (typeof REFUSAL_TABLES)[number];

/** Everything that a finding may be about and an operator may accept. */
export const CHECKED_TABLES = [...AUTHORITY_TABLES, ...STREAM_TABLES, ...REFUSAL_TABLES] as const;

/** Which row of a table that is looked at, or which queue. */
export interface CheckedRow {
  readonly table: AuthorityTable | StreamTable | RefusalTable;
  readonly key: string;
}

/**
 * Which row it is, as the ledger calls it: tenants and invitations by a hash, callers and
 * subscriptions by their ids.
 */
export interface RowName {
  readonly table: AuthorityTable;
  readonly key: string;
}

/** What the newest audit event says of a row. */
export interface RowState {
  /** Grows by one with each change of what the row decides. */
  readonly version: number;
  /** Of what the row decides; `undefined`: the row was removed. */
  readonly digest: string | undefined;
  /**
   * From then on the row decides nothing, so it may be gone (epoch milliseconds); `undefined`: it
   * has no end.
   */
  readonly endsAt: number | undefined;
}

/** A row as a change left it. */
export interface RowChange extends RowName, RowState {}

/** The version of a row that carries a valid MAC. */
export interface SignedVersion {
  readonly version: number;
  /** `undefined`: the row says that it was removed. */
  readonly digest: string | undefined;
  /** The ledger that was written when the row was. */
  readonly ledgerId: string;
  /** Epoch milliseconds. */
  readonly signedAt: number;
}

/** The name as one string, for maps. */
export function toNameText({ table, key }: CheckedRow): string {
  return `${table}|${key}`;
}
