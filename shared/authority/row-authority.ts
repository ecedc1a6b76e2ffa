import { isYounger } from '../age.ts';
import type { Journal, PendingChange } from '../audit/journal.ts';
import type { AuthorityTable, RowName, RowState, SignedVersion } from '../audit/row-state.ts';
import type { BrokerError } from '../errors.ts';
import { createSingleFlight } from '../single-flight.ts';
import { MINUTE } from '../time.ts';
import type { AuthorityIndex } from './authority-index.ts';
import { createHighWater } from './high-water.ts';
import type { IntegrityMonitor } from './integrity.ts';
import { type Judgement, judgeRow, type RowProblem } from './judge-row.ts';

/**
 * Decides which rows of storage are believed: those whose MAC and version agree with the newest
 * audit event.
 */
export interface RowAuthority {
  /**
   * Follows the ledger; `undefined`: that was done a moment ago. Rejects when it can't be known
   * what it says.
   */
  ensureCurrent(): Promise<void> | undefined;
  /** The same, however short ago it was done. */
  follow(): Promise<void>;
  /** Grows whenever the ledger said something new about callers or tenants. */
  readonly revision: number;
  /** The ledger that rows are signed for; the first row of a deployment begins it. */
  getLedgerId(): Promise<string>;
  find(name: RowName): RowState | undefined;
  /** The rows of a table that have to be there. */
  listExpected(table: AuthorityTable): readonly RowName[];
  judge(name: RowName, found: SignedVersion | undefined): Judgement;
  /** Has the change of a row recorded. */
  note(change: PendingChange): Promise<void>;
  /** Raises the alarm about a row and answers the error of the request at hand. */
  refuse(name: RowName, problem: RowProblem, digest: string | undefined): BrokerError;
  /** A row was found right. */
  clear(name: RowName): void;
}

/** Changes take effect everywhere within five seconds; one second is for the read. */
const FOLLOW_AGE_MS = 4000;

/** While the ledger can't be read, what this process knows of it counts for a while. */
const TRUST_AGE_MS = 5 * MINUTE;

/** What the authority is made of. */
interface RowAuthorityParts {
  readonly index: AuthorityIndex;
  /** Follows the ledger; answers whether there was news. */
  readonly refresh: () => Promise<boolean>;
  /** Begins a ledger where there is none. */
  readonly begin: () => Promise<void>;
  readonly journal: Pick<Journal, 'note'>;
  readonly monitor: IntegrityMonitor;
  readonly now: () => number;
}

/** Creates the authority of one process. */
export function createRowAuthority(parts: RowAuthorityParts): RowAuthority {
  const { index, monitor, journal, now } = parts;
  const share = createSingleFlight<void>();
  let triedAt = Number.NEGATIVE_INFINITY;
  let followedAt = Number.NEGATIVE_INFINITY;

  const follow = async () => {
    const startedAt = now();
    try {
      await parts.refresh();
      followedAt = startedAt;
    } catch (error) {
      // A ledger that somebody damaged takes nothing from what is known for a while; the monitor
      // has raised the alarm.
      if (index.ledgerId === undefined || !isTrusted(startedAt)) throw error;
    } finally {
      triedAt = startedAt;
    }
  };
  const highWater = createHighWater();
  const find = (name: RowName) => highWater.raise(name, index.find(name));
  const isTrusted = (time: number) => isYounger(followedAt, TRUST_AGE_MS, time);

  return {
    follow: () => share('follow', follow),
    ensureCurrent() {
      const isKnown = index.ledgerId !== undefined && isTrusted(now());
      if (isKnown && isYounger(triedAt, FOLLOW_AGE_MS, now())) return undefined;
      return share('follow', follow);
    },
    get revision() {
      return index.revision;
    },
    async getLedgerId() {
      if (index.ledgerId === undefined) await share('begin', parts.begin);
      if (index.ledgerId === undefined) throw new Error('The ledger did not begin.');
      return index.ledgerId;
    },
    find,
    listExpected: (table) =>
      index.list(now()).filter((row) => row.table === table && row.digest !== undefined),
    judge(name, found) {
      const judgement = judgeRow(find(name), found, { ledgerId: index.ledgerId, now: now() });
      if (found && judgement === 'ahead') highWater.note(name, { ...found, endsAt: undefined });
      const isRecorded = index.find(name)?.version === found?.version;
      return judgement === 'current' && found && !isRecorded ? 'ahead' : judgement;
    },
    async note(change) {
      highWater.note(change.row, change.row);
      await journal.note(change);
    },
    refuse: ({ table, key }, problem, digest) => monitor.report({ table, key, problem, digest }),
    clear: ({ table, key }) => monitor.clear(table, key),
  };
}
