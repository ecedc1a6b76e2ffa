import { createHash } from 'node:crypto';
import { runQuery } from '../../../../local/defender/hunting/kql/run-query.ts';
import {
  type Column,
  formatDatetime,
  type Relation,
  type Row,
  TICKS_PER_MS,
} from '../../../../local/defender/hunting/kql/value.ts';
import { findInterval } from '../../../../local/defender/hunting/timespan.ts';

const DAY = 24 * 60 * 60_000;

/**
 * A customer's table `T`: the times of its rows, as a part of the thirty days before the hunt (0 to
 * 1).
 */
export interface CustomerData {
  readonly times: readonly number[];
  /** Rows that Microsoft answers at most at this customer; what is more is too large. */
  readonly most: number;
  /** Whether a count by time is never too large, as Microsoft's limits have it. */
  readonly countsFit: boolean;
}

const COLUMNS: readonly Column[] = [
  { name: 'Timestamp', type: 'datetime' },
  { name: 'Id', type: 'long' },
  { name: 'Kind', type: 'string' },
];

/** The id of the n-th customer. */
export function toTenantId(index: number): string {
  return `${createHash('sha256').update(String(index)).digest('hex').slice(0, 8)}-0000-4000-8000-00000000000${index % 10}`;
}

/** A customer's rows, about the thirty days before the start. */
export function toTable({ times }: CustomerData, start: number): Relation {
  const rows = times.map((time, id): Row => {
    const at = BigInt(Math.floor(start - 30 * DAY + time * (30 * DAY - 1))) * TICKS_PER_MS;
    return [at, id, id % 3 === 0 ? 'a' : 'b'];
  });
  return { columns: COLUMNS, rows };
}

/** Runs a query as the stand-in does. */
export function ask(
  query: string,
  {
    table,
    timespan,
    now,
  }: { table: Relation | undefined; timespan: string | undefined; now: number },
) {
  const interval = findInterval(timespan ?? 'P60D', now);
  const findTable = (name: string) => {
    if (name !== 'T' || !table || !interval) return undefined;
    const { from, to } = interval;
    const rows = [...table.rows].filter(([at]) => Number(at) >= from && Number(at) <= to);
    return { columns: table.columns, rows };
  };
  const { columns, rows } = runQuery(query, { findTable, now: BigInt(now) * TICKS_PER_MS });
  return {
    columns: columns.map(({ name, type }) => ({ name, type })),
    rows: [...rows].map((row) =>
      JSON.stringify(
        Object.fromEntries(
          columns.map(({ name, type }, place) => [name, toJson(row[place] ?? null, type)]),
        ),
      ),
    ),
  };
}

function toJson(value: Row[number], type: string): unknown {
  if (typeof value !== 'bigint') return value;
  return type === 'datetime' ? formatDatetime(value) : Number(value);
}
