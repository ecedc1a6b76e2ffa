import type { Journal } from '../audit/journal.ts';
import { type CheckedRow, toNameText } from '../audit/row-state.ts';
import type { Acceptance, Inspectables, IsMeant } from './inspection.ts';
import type { CheckIntegrity, IntegrityReport } from './integrity-check.ts';

/** A row with what an operator has looked at: SHA-256 of its content; `undefined`: it was gone. */
interface SeenRow extends CheckedRow {
  readonly digest: string | undefined;
}

/** Characters of the keys that an event names; its rows name all. */
const MAX_KEYS_LENGTH = 250;

/** Which rows an operator takes as they stand. */
interface AcceptRequest {
  /** As a check shows them; `all`: every row that is not believed. */
  readonly rows: readonly SeenRow[] | 'all';
  /**
   * Begins another ledger: where there is none although there are rows, or where its head was
   * damaged.
   */
  readonly ledger: boolean;
  /** Removes entries of logs instead of taking them; nothing else is touched. */
  readonly discard: boolean;
  readonly actor: string;
  readonly correlationId: string;
}

/** What was accepted, what nobody can read, and how everything is afterwards. */
interface AcceptedRows {
  readonly accepted: readonly CheckedRow[];
  readonly unreadable: readonly CheckedRow[];
  readonly report: IntegrityReport;
}

/** Takes rows as they stand, by an operator's word; a row that is in order stays as it is. */
export type AcceptRows = (request: AcceptRequest) => Promise<AcceptedRows>;

/**
 * Creates the operator's act: for rows of before there was a ledger, after a restore, and after an
 * attack was looked at.
 */
export function createAcceptRows(parts: {
  tables: Inspectables;
  restartLedger: (actor: string) => Promise<void>;
  journal: Pick<Journal, 'record'>;
  check: CheckIntegrity;
}): AcceptRows {
  return async ({ rows, ledger, discard, actor, correlationId }) => {
    if (ledger) await parts.restartLedger(actor);
    const isMeant = toIsMeant(rows);
    const accepted: CheckedRow[] = [];
    const unreadable: CheckedRow[] = [];
    for (const [table, inspectable] of Object.entries(parts.tables)) {
      const outcome = discard
        ? await inspectable.discard?.(isMeant)
        : await inspectable.accept(isMeant);
      const detail = outcome && describe(table, outcome, discard);
      if (detail) {
        await parts.journal.record({ actor, act: 'integrity.accept', detail, correlationId });
      }
      accepted.push(...(outcome?.accepted ?? []));
      unreadable.push(...(outcome?.unreadable ?? []));
    }
    return { accepted, unreadable, report: await parts.check() };
  };
}

/** `undefined`: nothing was done. */
function describe(table: string, outcome: Acceptance, discard: boolean): string | undefined {
  const { accepted, count = accepted.length } = outcome;
  if (count === 0) return undefined;
  const keys = accepted.map(({ key }) => key).join(', ');
  return `${discard ? 'removed ' : ''}${count} of ${table}: ${keys.slice(0, MAX_KEYS_LENGTH)}`;
}

/** A row that was changed since the operator looked at it is not meant. */
function toIsMeant(rows: AcceptRequest['rows']): IsMeant {
  if (rows === 'all') return () => true;
  const seen = new Map(rows.map((row) => [toNameText(row), row]));
  return (name, digest) => {
    const row = seen.get(toNameText(name));
    return row !== undefined && row.digest === digest;
  };
}
