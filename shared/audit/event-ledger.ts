import type { AuditEvent, AuditEventName, NewEvent } from './audit-event.ts';
import type { ChainPlace, ChainProblem } from './chain/verify-chain.ts';
import type { LedgerPage } from './issuance-ledger.ts';

/** Which events an auditor looks for. */
export interface EventQuery {
  readonly tenantHash?: string | undefined;
  /** Recorded since, and before (epoch milliseconds). */
  readonly since?: number | undefined;
  readonly until?: number | undefined;
  /** Only what this caller did. */
  readonly actor?: string | undefined;
  /** Only what is about this subject. */
  readonly subject?: string | undefined;
  /** Only events of these names. */
  readonly acts?: ReadonlySet<AuditEventName> | undefined;
  /** `desc`: the newest first. */
  readonly order: 'asc' | 'desc';
  /** The `next` of the page before. */
  readonly after?: string | undefined;
  readonly limit: number;
}

/** What a walk over the whole chain showed. */
export interface ChainReport {
  readonly ledgerId: string | undefined;
  /** The oldest event that is kept; 1 unless older ones were removed by age. */
  readonly first: number;
  readonly head: ChainPlace;
  readonly problem: ChainProblem | undefined;
  readonly checkedAt: number;
}

/** What is needed to record events. */
export interface EventRecorder {
  /**
   * Appends events to the chain, each exactly once; a rejection says that they may not be there.
   */
  append(events: readonly NewEvent[]): Promise<void>;
  /** Makes sure that there is a ledger; rejects with `integrity` when there should be one. */
  begin(): Promise<void>;
}

/** The chain of audit events. */
export interface EventLedger extends EventRecorder {
  list(query: EventQuery): Promise<LedgerPage<AuditEvent>>;
  /** Walks over the whole chain. */
  verify(): Promise<ChainReport>;
  /** Begins another ledger, by an operator's word. */
  restart(actor: string): Promise<void>;
  /**
   * Removes events that were recorded before a time, oldest first, `limit` at most; answers how
   * many.
   */
  removeBefore(time: number, limit: number): Promise<number>;
}
