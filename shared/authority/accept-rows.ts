import type { Journal } from '../audit/journal.ts';
import type { Inspectable } from './inspection.ts';
import type { CheckIntegrity, IntegrityReport } from './integrity-check.ts';
import { type AuthorityTable, type RowName, toNameText } from './row-state.ts';

/** Which rows an operator takes as they stand. */
export interface AcceptRequest {
  /** By name, as GET /health tells them; `all`: every row that is not believed. */
  readonly rows: readonly RowName[] | 'all';
  /** Begins another ledger: where there is none although there are rows, or where its head was damaged. */
  readonly ledger: boolean;
  readonly actor: string;
  readonly correlationId: string;
}

/** What was accepted, what nobody can read, and how everything is afterwards. */
export interface AcceptedRows {
  readonly accepted: readonly RowName[];
  readonly unreadable: readonly RowName[];
  readonly report: IntegrityReport;
}

/** Takes rows as they stand, by an operator's word; a row that is in order stays as it is. */
export type AcceptRows = (request: AcceptRequest) => Promise<AcceptedRows>;

/** Creates the operator's act: for rows of before there was a ledger, after a restore, and after an attack was looked at. */
export function createAcceptRows(parts: {
  tables: Readonly<Record<AuthorityTable, Inspectable>>;
  restartLedger: (actor: string) => Promise<void>;
  journal: Pick<Journal, 'record'>;
  check: CheckIntegrity;
}): AcceptRows {
  return async ({ rows, ledger, actor, correlationId }) => {
    if (ledger) await parts.restartLedger(actor);
    const named = rows === 'all' ? undefined : new Set(rows.map(toNameText));
    const isMeant = (name: RowName) => named?.has(toNameText(name)) ?? true;
    const accepted: RowName[] = [];
    const unreadable: RowName[] = [];
    for (const [table, inspectable] of Object.entries(parts.tables)) {
      const outcome = await inspectable.accept(isMeant);
      if (outcome.accepted.length > 0) {
        const detail = `${outcome.accepted.length} of ${table}`;
        await parts.journal.record({ actor, act: 'integrity.accept', detail, correlationId });
      }
      accepted.push(...outcome.accepted);
      unreadable.push(...outcome.unreadable);
    }
    return { accepted, unreadable, report: await parts.check() };
  };
}
