import type { ChainProblem } from '../audit/verify-chain.ts';
import { createBoundedMap } from '../bounded-map.ts';
import { BrokerError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { RowProblem } from './judge-row.ts';

/** Something in storage that the broker did not write, or that somebody put back or took away. */
export interface IntegrityFinding {
  /** The table, in the words of docs/architecture.md. */
  readonly table: string;
  /** Which row, as the ledger calls it; never a tenant's id. */
  readonly key: string;
  readonly problem: RowProblem | LedgerProblem;
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
}

/** What this process has found and what has not been put right since. */
export interface IntegrityMonitor {
  /** Notes a finding, raises the alarm and answers the error of the request at hand. */
  report(finding: IntegrityFinding): BrokerError;
  /** Something was found right. */
  clear(table: string, key: string): void;
  list(): readonly OpenFinding[];
}

/** The alarm about one row is raised once in this time. */
const ALARM_AGE_MS = 60 * 60_000;

/** More rows than anybody looks through. */
const MAX_FINDINGS = 1000;

/** Whose row it is, in the words of who asks. */
const NAMES: Readonly<Record<string, string>> = {
  callers: 'the caller',
  tenants: 'the tenant',
  invitations: 'the invitation',
  webhooks: 'the subscription',
};

/** Creates the monitor of one process. */
export function createIntegrityMonitor({
  log,
  now,
}: {
  log: Log;
  now: () => number;
}): IntegrityMonitor {
  const open = createBoundedMap<OpenFinding & { readonly alarmAt: number }>(MAX_FINDINGS);
  const keys = new Set<string>();
  return {
    report(finding) {
      const { table, key, problem } = finding;
      const name = `${table}|${key}`;
      const known = open.get(name);
      const isNews = known?.problem !== problem || now() - known.alarmAt >= ALARM_AGE_MS;
      if (isNews) log.error('integrity.violated', { table, key, problem });
      const alarmAt = isNews ? now() : known.alarmAt;
      open.set(name, { ...finding, since: known?.since ?? now(), seenAt: now(), alarmAt });
      keys.add(name);
      return toIntegrityError(table);
    },
    clear(table, key) {
      const name = `${table}|${key}`;
      if (!keys.delete(name)) return;
      open.delete(name);
      log.info('integrity.restored', { table, key });
    },
    list: () =>
      [...keys].flatMap((name) => {
        const found = open.get(name);
        if (!found) return [];
        const { alarmAt: _, ...finding } = found;
        return [finding];
      }),
  };
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
