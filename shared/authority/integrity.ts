import type { ChainProblem } from '../audit/chain/verify-chain.ts';
import { BrokerError } from '../errors.ts';
import type { Log } from '../log.ts';
import { HOUR } from '../time.ts';
import type { RowProblem } from './judge-row.ts';
import type { RefusalProblem } from './refusal.ts';

/** Something in storage that the broker did not write, or that somebody put back or took away. */
interface IntegrityFinding {
  /** The table, in the words of docs/architecture.md. */
  readonly table: string;
  /** Which row, as the ledger calls it; never a tenant's id. */
  readonly key: string;
  readonly problem: RowProblem | LedgerProblem | RefusalProblem;
  /** SHA-256 of the row as it was found, in base64url; `undefined`: it was not there. */
  readonly digest?: string | undefined;
}

/**
 * What is wrong with the ledger itself. `cut`: its head is older than one that this process has
 * seen; `forked`: it goes on from another event than the one that this process has seen;
 * `snapshot`: the snapshot of its index is gone or changed; `touched`: somebody writes its head
 * again and again as it is, so that appends lose; or its chain does not hold.
 */
export type LedgerProblem = 'forked' | 'snapshot' | 'touched' | ChainProblem['problem'];

/** A finding with its times (epoch milliseconds). */
export interface OpenFinding extends IntegrityFinding {
  readonly since: number;
  readonly seenAt: number;
  /**
   * From then on it is not named any more; `undefined`: it is named until it was found right.
   */
  readonly endsAt?: number | undefined;
}

/** What this process has found and what has not been put right since. */
export interface IntegrityMonitor {
  /** Notes a finding, raises the alarm and answers the error of the request at hand. */
  report(finding: IntegrityFinding, endsAt?: number): BrokerError;
  /** Takes what another process has found and raised the alarm about. */
  adopt(finding: OpenFinding): void;
  /** Something was found right. */
  clear(table: string, key: string): void;
  list(): readonly OpenFinding[];
}

/** The alarm about one row is raised once in this time. */
const ALARM_AGE_MS = HOUR;

/** More rows than anybody looks through. */
const MAX_FINDINGS = 1000;

/** Whose row it is, in the words of who asks. */
const NAMES: Readonly<Record<string, string>> = {
  callers: 'the caller',
  tenants: 'the tenant',
  invitations: 'the invitation',
  webhooks: 'the subscription',
  hunts: 'the hunt',
  huntqueries: 'the saved query',
};

/** Creates the monitor of one process. */
export function createIntegrityMonitor({
  log,
  now,
}: {
  log: Log;
  now: () => number;
}): IntegrityMonitor {
  const open = new Map<string, OpenFinding & { readonly alarmAt: number }>();
  const note = (finding: OpenFinding & { readonly alarmAt: number }) => {
    open.set(toName(finding), finding);
    const [oldest] = open.keys();
    if (open.size > MAX_FINDINGS && oldest !== undefined) open.delete(oldest);
  };
  return {
    report(finding, endsAt) {
      const { table, key, problem } = finding;
      const known = open.get(toName(finding));
      const isNews = known?.problem !== problem || now() - known.alarmAt >= ALARM_AGE_MS;
      if (isNews) log.error('integrity.violated', { table, key, problem });
      const alarmAt = isNews ? now() : known.alarmAt;
      note({ ...finding, since: known?.since ?? now(), seenAt: now(), endsAt, alarmAt });
      return toIntegrityError(table);
    },
    adopt(finding) {
      if (!open.has(toName(finding))) note({ ...finding, alarmAt: finding.seenAt });
    },
    clear(table, key) {
      if (open.delete(toName({ table, key }))) log.info('integrity.restored', { table, key });
    },
    list() {
      for (const [name, finding] of open) if (hasEnded(finding, now())) open.delete(name);
      return [...open.values()].map(({ alarmAt: _, ...finding }) => finding);
    },
  };
}

function toName({ table, key }: Pick<IntegrityFinding, 'table' | 'key'>): string {
  return `${table}|${key}`;
}

/** Whether a finding is not named any more; `now` in epoch milliseconds. */
export function hasEnded({ endsAt }: Pick<OpenFinding, 'endsAt'>, now: number): boolean {
  return endsAt !== undefined && endsAt <= now;
}

/** For a request that would have to believe what somebody else wrote. */
export function toIntegrityError(table: string): BrokerError {
  const subject = NAMES[table] ?? `the table ${table}`;
  return new BrokerError(
    'integrity',
    `What storage holds of ${subject} was changed by somebody else than the broker.`,
    {
      owner: 'partner',
      remedy: 'See the check integrity of GET /api/health, and the runbook.',
      retryAfterSeconds: 60,
    },
  );
}

/** Whether storage holds what somebody else than the broker wrote; not that storage is down. */
export function isIntegrityError(error: unknown): error is BrokerError {
  return error instanceof BrokerError && error.code === 'integrity';
}
