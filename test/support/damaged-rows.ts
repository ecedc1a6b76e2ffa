import type { OpenTable } from '../../shared/azure/tables/table-store.ts';
import { DAMAGES, damage, listPaths } from './damages.ts';

/** What a column of a table can hold. */
const COLUMN_DAMAGES = DAMAGES.filter(([, by]) => typeof by !== 'object' && by !== undefined);

/** A row as it is stored. */
export type Row = Record<string, unknown> & { partitionKey: string; rowKey: string };

/** The rows of a table as they were written. */
export async function readRows(open: OpenTable): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for await (const { etag: _etag, timestamp: _timestamp, ...row } of (
    await open()
  ).listEntities()) {
    rows.push(row as Row);
  }
  return rows;
}

/** The row with one column damaged in each way, and each text of JSON with one member damaged. */
export function listDamaged(row: Row): readonly Row[] {
  const { partitionKey, rowKey, ...columns } = row;
  const names = Object.keys(columns).filter((name) => !name.includes('odata'));
  return names.flatMap((name, index) => {
    const without = Object.fromEntries(Object.entries(row).filter(([key]) => key !== name)) as Row;
    const some = COLUMN_DAMAGES.filter((_, way) => (way + index) % 2 === 0);
    const whole = some.map(([, by]) => ({ ...without, [name]: by }));
    return [without, ...whole, ...listDamagedJson(row, name)];
  });
}

function listDamagedJson(row: Row, name: string): readonly Row[] {
  const json = parse(row[name]);
  return listPaths(json).flatMap((path, index) =>
    // Some of the ways for each member, all of them for the members together: each costs requests.
    DAMAGES.filter((_, way) => (way + index) % 4 === 0).map(([, by]) => ({
      ...row,
      [name]: JSON.stringify(damage(json, path, by)),
    })),
  );
}

function parse(text: unknown): unknown {
  try {
    return typeof text === 'string' ? JSON.parse(text) : undefined;
  } catch {
    return undefined;
  }
}
