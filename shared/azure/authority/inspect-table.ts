import { type RowName, type SignedVersion, toNameText } from '../../audit/row-state.ts';
import type { Acceptance, Inspectable } from '../../authority/inspection.ts';
import { findRowProblem } from '../../authority/judge-row.ts';
import { settleAll } from '../../concurrency.ts';
import { BrokerError } from '../../errors.ts';
import { reachStorage } from '../requests/storage-error.ts';
import type { ReadRow } from '../tables/row.ts';
import { checkRow } from '../tables/row-limits.ts';
import { readPages } from '../tables/table-store.ts';
import { believe, type GuardedParts } from './find-record.ts';
import type { Judged, RowId } from './row-guard.ts';
import { eraseRow, updateRow } from './row-io.ts';
import { toOwnColumns } from './signed-row.ts';

/** Rows that are looked at or written at once. */
const CONCURRENCY = 10;

const PAGE = 1000;

/** A row with what its look showed. */
interface Inspected {
  readonly id: RowId;
  readonly row: ReadRow | undefined;
  readonly judged: Judged;
}

/**
 * Creates the look at a whole table. `isMine`: rows that decide something; others may lie beside
 * them.
 */
export function createInspectable<K, T>(
  parts: GuardedParts<K, T>,
  isMine: (id: RowId) => boolean = () => true,
): Inspectable {
  const { guard } = parts;

  /** Every row, and the names of those that have to be there and are not. */
  const look = async (): Promise<{ found: readonly Inspected[]; gone: readonly RowName[] }> => {
    await guard.authority.follow();
    const expected = guard.authority.listExpected(guard.table);
    const found = await lookAtAll(parts, isMine);
    const seen = new Set(found.map(({ judged: { name } }) => toNameText(name)));
    await guard.authority.follow();
    const gone = expected.filter((name) => !seen.has(toNameText(name)) && isExpected(parts, name));
    return { found, gone };
  };

  return {
    async inspect() {
      const { found, gone } = await look();
      for (const name of gone) guard.authority.refuse(name, 'missing', undefined);
      await settleAll(found, CONCURRENCY, (one) => maintain(parts, one));
      return found.length;
    },
    async accept(isMeant) {
      const { found, gone } = await look();
      const wrong = found.filter(
        ({ judged, row }) =>
          findRowProblem(judged.judgement) && isMeant(judged.name, row && guard.hashRow(row)),
      );
      const accepted: RowName[] = [];
      const unreadable: RowName[] = [];
      for (const one of wrong) {
        const isAccepted = await acceptRow(parts, one);
        (isAccepted ? accepted : unreadable).push(one.judged.name);
      }
      const removed = gone.filter((name) => isMeant(name, undefined));
      for (const name of removed) await noteGone(parts, name);
      return { accepted: [...accepted, ...removed], unreadable } satisfies Acceptance;
    },
  };
}

function isExpected<K, T>({ guard }: GuardedParts<K, T>, name: RowName): boolean {
  return guard.authority.judge(name, undefined) === 'missing';
}

async function lookAtAll<K, T>(
  parts: GuardedParts<K, T>,
  isMine: (id: RowId) => boolean,
): Promise<readonly Inspected[]> {
  const found: Inspected[] = [];
  await reachStorage(async () => {
    for await (const page of readPages(parts.open, '', PAGE)) {
      for (const row of page) {
        const id = { partitionKey: row.partitionKey ?? '', rowKey: row.rowKey ?? '' };
        if (isMine(id)) found.push({ id, row, judged: await parts.guard.judge(id, row) });
      }
    }
  });
  return found;
}

/**
 * Raises the alarm about a row that is not believed; signs one of an older key anew, and erases
 * what was removed.
 */
async function maintain<K, T>(
  parts: GuardedParts<K, T>,
  { id, row, judged }: Inspected,
): Promise<void> {
  await believe(parts, id, row).catch(ignoreIntegrity);
  const { version, judgement } = judged;
  if (!row || !version || judgement !== 'current') return;
  if (version.digest === undefined) await eraseRow(parts.open, id, row.etag);
  else if (await parts.guard.isOld(row)) await signAgain(parts, { id, row, version });
}

/** The monitor has raised the alarm. */
function ignoreIntegrity(error: unknown): void {
  if (!(error instanceof BrokerError) || error.code !== 'integrity') throw error;
}

async function signAgain<K, T>(
  { guard, open, mapping }: GuardedParts<K, T>,
  { id, row, version }: { id: RowId; row: ReadRow; version: SignedVersion },
): Promise<void> {
  const value = mapping.parseRow(row);
  // As it stands: a column that only a newer version of the broker knows stays.
  const after = { value, row: { ...toOwnColumns(row), ...id } };
  const signed = await guard.sign({ id, before: value, beforeVersion: version, after });
  await updateRow(open, checkRow(signed.row), row.etag);
}

/** `false`: nobody can read it, or somebody changed it meanwhile. */
async function acceptRow<K, T>(parts: GuardedParts<K, T>, one: Inspected): Promise<boolean> {
  const { id, row, judged } = one;
  if (!row) return false;
  const value = findValue(parts, row);
  if (value === undefined) return false;
  const after = { value, row: parts.mapping.toRow(value) };
  const beforeVersion = judged.version && { ...judged.version, digest: undefined };
  const signed = await parts.guard.sign({ id, before: undefined, beforeVersion, after });
  if ((await updateRow(parts.open, checkRow(signed.row), row.etag)) === undefined) return false;
  parts.guard.authority.clear(judged.name);
  if (signed.pending) await parts.guard.authority.note(signed.pending);
  return true;
}

function findValue<K, T>({ mapping }: GuardedParts<K, T>, row: ReadRow): T | undefined {
  try {
    return mapping.parseRow(row);
  } catch {
    return undefined;
  }
}

/**
 * The ledger learns that a row is gone; without its keys there is nothing to write in its table.
 */
async function noteGone<K, T>({ guard }: GuardedParts<K, T>, name: RowName): Promise<void> {
  guard.authority.clear(name);
  await guard.noteRemoved(name);
}
