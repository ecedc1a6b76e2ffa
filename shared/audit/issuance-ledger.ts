/** One page of the ledger, oldest first. */
export interface LedgerPage<T> {
  readonly records: readonly T[];
  /** Pass as `after` for the next page; `undefined` on the last. */
  readonly next: string | undefined;
}

/** What every look at the ledger has in common. */
export interface LedgerQuery {
  readonly tenantHash?: string | undefined;
  /** Recorded since (epoch milliseconds). */
  readonly since?: number | undefined;
  /** Recorded before. */
  readonly until?: number | undefined;
  readonly after?: string | undefined;
  readonly limit: number;
}

/** Records that are only ever added, until their retention ends. */
export interface Ledger<T, L extends LedgerQuery> {
  /** Writes the record wherever it is looked for; one that is there already stays as it is. */
  record(entry: T): Promise<void>;
  list(look: L): Promise<LedgerPage<T>>;
  /**
   * Removes records of days before the one of `time`, oldest first, `limit` at most; answers how
   * many.
   */
  removeBefore(time: number, limit: number): Promise<number>;
}

/** A caller that received a token: one record per caller and distinct token. Epoch milliseconds. */
export interface Issuance {
  readonly callerId: string;
  readonly tenantHash: string;
  readonly resource: string;
  /** The rule of the policy that allowed it. */
  readonly rule: string;
  /** Only audit mode let it pass: an enforced policy would have refused it. */
  readonly wouldBeDenied?: true | undefined;
  readonly tokenHash: string;
  /** Entra's id of the token; `undefined`: the token can't be read. */
  readonly uti: string | undefined;
  readonly issuedAt: number;
  readonly expiresAt: number;
  /** When this caller first received it. */
  readonly recordedAt: number;
  readonly correlationId: string;
}

/** What issuances are looked for by; without hash, uti, tenant or caller it needs `since`. */
export interface IssuanceQuery extends LedgerQuery {
  readonly callerId?: string | undefined;
  readonly tokenHash?: string | undefined;
  readonly uti?: string | undefined;
  /** Only tokens that end after this time. */
  readonly liveAt?: number | undefined;
  /** Only what an enforced policy would have refused. */
  readonly wouldBeDenied?: true | undefined;
}

/** Who received which token. */
export type IssuanceLedger = Ledger<Issuance, IssuanceQuery>;
