import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Row } from '../../../shared/azure/tables/row.ts';
import { runs } from '../../support/runs.ts';
import { collectRows, type RowKind, type StoredRow } from '../../support/stored-rows.ts';

/**
 * What somebody can do to the columns of a real row of each kind; its keys are columns, too. What
 * becomes of a row whose MAC is not valid, and of whole rows that are put back, gone or exchanged,
 * is in the tests of each table.
 */

const KINDS = await collectRows();

type Attack = (kind: RowKind, column: string) => readonly StoredRow[];

/** Each answers the rows that it makes of one column; none where there is nothing to take. */
const ATTACKS: Readonly<Record<string, Attack>> = {
  changed: ({ row }, column) => listOthers(row[column]).map((value) => put(row, column, value)),
  'swapped with another row': ({ row, other }, column) => [put(row, column, other[column])],
  "swapped with another kind's": ({ row }, column) =>
    KINDS.map((kind) => put(row, column, kind.row[column])),
  'set back': ({ row, older }, column) => [put(row, column, older[column])],
  'taken away': ({ row }, column) => [put(row, column, undefined)],
  'written twice': ({ row }, column) => [put(row, `${column}2`, row[column])],
};

test.each(KINDS)('every attack on every column of $title is noticed', async (kind) => {
  const attacked: string[] = [];
  const believed: string[] = [];
  expect(await verify(kind, kind.row)).toBe('valid');
  for (const column of Object.keys(kind.row)) {
    for (const [name, attack] of Object.entries(ATTACKS)) {
      const rows = attack(kind, column).filter((row) => isOther(row, kind.row));
      if (rows.length > 0) attacked.push(column);
      for (const row of rows) {
        if ((await verify(kind, row)) === 'valid') believed.push(`${column} ${name}`);
      }
    }
  }
  expect([...new Set(attacked)].toSorted()).toEqual(Object.keys(kind.row).toSorted());
  expect(believed).toEqual([]);
});

test.each(KINDS)('columns of $title in any mixture with other rows are noticed', async (kind) => {
  const sources = [kind.other, kind.older, ...KINDS.map(({ row }) => row)];
  const names = [...new Set([kind.row, ...sources].flatMap(Object.keys))];
  const choice = fc.record({
    taken: fc.subarray(names, { minLength: 1 }),
    source: fc.constantFrom(...sources),
  });
  await fc.assert(
    fc.asyncProperty(choice, async ({ taken, source }) => {
      const columns = taken.map((name) => [name, source[name]]);
      const row: StoredRow = { ...kind.row, ...Object.fromEntries(columns) };
      fc.pre(KINDS.every((one) => isOther(row, one.row)) && isOther(row, kind.older));
      fc.pre(isOther(row, kind.other));
      expect(await verify(kind, row)).not.toBe('valid');
    }),
    { numRuns: runs(34) },
  );
});

test.each(KINDS)(
  'a row of $title is believed in no other table and under no other key',
  async (kind) => {
    const { row, table } = kind;
    const others = KINDS.filter((one) => one.table !== table);
    const inOthers = await Promise.all(others.map((one) => verify(one, row)));
    const keys = KINDS.map(({ row: { partitionKey, rowKey } }) => ({ partitionKey, rowKey }));
    const moved = keys.map((key) => ({ ...row, ...key })).filter((one) => isOther(one, row));
    const underOthers = await Promise.all(moved.map((one) => verify(kind, one)));
    const verdicts = [...inOthers, ...underOthers];
    expect(verdicts.length).toBeGreaterThan(15);
    expect(new Set(verdicts)).toEqual(new Set(['forged']));
  },
);

async function verify({ rows }: RowKind, row: StoredRow): Promise<string> {
  return await rows.verify(row as unknown as Row);
}

function put(row: StoredRow, column: string, value: unknown): StoredRow {
  return { ...row, [column]: value };
}

/** Other values of the type, and the same one of other types. */
function listOthers(value: unknown): readonly unknown[] {
  if (value instanceof Date) {
    return [new Date(value.getTime() + 1), value.toISOString(), value.getTime()];
  }
  if (typeof value === 'boolean') return [!value, String(value), Number(value)];
  if (typeof value === 'number') return [value + 1, -value, String(value), BigInt(value)];
  const text = String(value);
  return [`${text} `, ` ${text}`, text.toUpperCase(), text.slice(1), Buffer.from(text), ''];
}

function isOther(one: StoredRow, other: StoredRow): boolean {
  return toText(one) !== toText(other);
}

/** With the types of its values, and without columns that are not there. */
function toText(row: StoredRow): string {
  const columns = Object.entries(row).filter(([, value]) => value !== undefined);
  return JSON.stringify(
    columns.map(([name, value]) => [name, typeof value, String(value)]).toSorted(),
  );
}
