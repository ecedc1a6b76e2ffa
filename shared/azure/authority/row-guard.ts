import type { AuditEventName } from '../../audit/audit-event.ts';
import { type Fields, listChanges } from '../../audit/describe/field-changes.ts';
import type { PendingChange } from '../../audit/journal.ts';
import type { AuthorityTable, RowName, SignedVersion } from '../../audit/row-state.ts';
import type { Judgement } from '../../authority/judge-row.ts';
import type { RowAuthority } from '../../authority/row-authority.ts';
import type { Seal } from '../../crypto/seal.ts';
import type { ReadRow, Row } from '../tables/row.ts';
import { createRowSeal, hashRow } from './row-seal.ts';
import { parseVersion, toDigest, toVersionColumns } from './signed-row.ts';

/** What rows that decide something are guarded by. */
export interface Guard {
  readonly seal: Seal;
  readonly authority: RowAuthority;
  readonly now: () => number;
}

/** How the rows of a table decide. */
export interface AuthorityMapping<T> {
  readonly table: AuthorityTable;
  /** What the ledger calls a row. */
  readonly toKey: (row: RowId) => string;
  /** Which rows of the table are records; others may lie beside them. By default all. */
  readonly isMine?: (id: RowId) => boolean;
  /**
   * Columns that decide nothing and change all the time. Every other column counts, also one that
   * is added later.
   */
  readonly operational: readonly string[];
  /** What the event of a change is called when nobody asked for it by itself. */
  readonly act: AuditEventName;
  /** When a record ends by itself (epoch milliseconds). */
  readonly findEnd?: (value: T) => number;
  /** What audit events say of a record. */
  readonly describe: (value: T) => RecordDescription;
}

/** A record in the words of the ledger. */
interface RecordDescription {
  readonly tenantHash: string | undefined;
  readonly subject: string | undefined;
  readonly fields: Fields;
}

/** The two keys of a row. */
export interface RowId {
  readonly partitionKey: string;
  readonly rowKey: string;
}

/** What became of a look at a row. */
export interface Judged {
  readonly name: RowName;
  readonly judgement: Judgement;
  /** `undefined`: the row is not there, or its MAC is not valid. */
  readonly version: SignedVersion | undefined;
}

/**
 * A row ready to be written, and what is to be recorded once it is; `undefined`: it decides what it
 * did before.
 */
export interface SignedChange {
  readonly row: Row;
  readonly version: SignedVersion;
  readonly pending: PendingChange | undefined;
}

/** A record before and after a write; `after` is `undefined` when it is removed. */
interface RecordChange<T> {
  readonly id: RowId;
  readonly before: T | undefined;
  readonly beforeVersion: SignedVersion | undefined;
  readonly after: { readonly value: T; readonly row: Row } | undefined;
}

/** Its record before and after, without the row. */
type Described<T> = { readonly before: T | undefined; readonly after: T | undefined };

/** Signs and judges the rows of one table. */
export type RowGuard<T> = ReturnType<typeof createRowGuard<T>>;

/** Creates the guard of a table. */
export function createRowGuard<T>(guard: Guard, mapping: AuthorityMapping<T>) {
  const { authority, now } = guard;
  const rows = createRowSeal(guard.seal, mapping.table);
  const toName = (id: RowId): RowName => ({ table: mapping.table, key: mapping.toKey(id) });
  const judgeSigned = (id: RowId, row: ReadRow): Judged => {
    const [name, version] = [toName(id), parseVersion(row)];
    return { name, judgement: authority.judge(name, version), version };
  };

  return {
    table: mapping.table,
    authority,
    toName,
    isOld: rows.isOld,
    hashRow: (row: ReadRow) => hashRow(mapping.table, row),
    async judge(id: RowId, row: ReadRow | undefined): Promise<Judged> {
      const name = toName(id);
      if (!row) return { name, judgement: authority.judge(name, undefined), version: undefined };
      const verdict = await rows.verify(row);
      if (verdict !== 'valid') return { name, judgement: verdict, version: undefined };
      return judgeSigned(id, row);
    },
    /** The same without waiting; `undefined` says nothing: ask `judge`. */
    judgeNow: (id: RowId, row: ReadRow): Judged | undefined =>
      rows.isValidNow(row) ? judgeSigned(id, row) : undefined,
    /** Signs a record anew, or the row that says that it was removed. */
    async sign(change: RecordChange<T>): Promise<SignedChange> {
      const { id, after, beforeVersion } = change;
      const digest = after && toDigest(mapping.table, after.row, new Set(mapping.operational));
      const known = authority.find(toName(id))?.version ?? 0;
      const isSame = beforeVersion !== undefined && beforeVersion.digest === digest;
      const last = Math.max(known, beforeVersion?.version ?? 0);
      const version: SignedVersion = {
        version: isSame ? beforeVersion.version : last + 1,
        digest,
        ledgerId: await authority.getLedgerId(),
        signedAt: isSame ? beforeVersion.signedAt : now(),
      };
      const row = await rows.sign({ ...(after?.row ?? id), ...toVersionColumns(version) });
      const isRecorded = isSame && known >= version.version;
      const described = { before: change.before, after: after?.value };
      const pending = isRecorded
        ? undefined
        : toPending(mapping, { name: toName(id), version }, described);
      return { row, version, pending };
    },
    ...createNotes(authority, mapping, now),
  };
}

/** Changes that this process did not write itself. */
function createNotes<T>(authority: RowAuthority, mapping: AuthorityMapping<T>, now: () => number) {
  return {
    /** A row whose event was never recorded: its writer died, or the ledger was down. */
    async noteLate(id: RowId, version: SignedVersion, value: T | undefined): Promise<void> {
      const name = { table: mapping.table, key: mapping.toKey(id) };
      const pending = toPending(mapping, { name, version }, { before: value, after: value });
      await authority.note({ ...pending, detail: 'recorded late' });
    },
    /** A row that is gone counts as removed from now on. */
    async noteRemoved(name: RowName): Promise<void> {
      const version = (authority.find(name)?.version ?? 0) + 1;
      const removed = { version, digest: undefined, ledgerId: '', signedAt: now() };
      const described = { before: undefined, after: undefined };
      await authority.note(toPending(mapping, { name, version: removed }, described));
    },
  };
}

function toPending<T>(
  { act, describe, findEnd }: AuthorityMapping<T>,
  { name, version }: { name: RowName; version: SignedVersion },
  { before, after }: Described<T>,
): PendingChange {
  const value = after ?? before;
  const described = value && describe(value);
  const fields = {
    before: before ? describe(before).fields : {},
    after: after ? describe(after).fields : {},
  };
  return {
    row: {
      ...name,
      version: version.version,
      digest: version.digest,
      endsAt: value && findEnd?.(value),
    },
    act,
    tenantHash: described?.tenantHash,
    subject: described?.subject ?? name.key,
    detail: version.digest === undefined ? 'removed' : undefined,
    changes: listChanges(fields.before, fields.after),
  };
}
