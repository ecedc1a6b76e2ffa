import type { Column } from '../hunt.ts';

/** What results are answered as. */
export const RESULT_FORMATS = ['json', 'ndjson', 'csv'] as const;

/** What results are answered as. */
export type ResultFormat = (typeof RESULT_FORMATS)[number];

/** A row and whose it is. */
export interface OwnedRow {
  readonly tenantId: string;
  readonly tenantName: string | undefined;
  /** In the order of the columns. */
  readonly values: readonly unknown[];
}

/** Writes rows of a format. */
export interface RowFormat {
  /** What stands before the first row of all; `undefined`: nothing. */
  readonly header: string | undefined;
  readonly write: (row: OwnedRow) => string;
}

/** In front of every row. */
const OWNER_COLUMNS = ['tenant_id', 'tenant_name'] as const;

/** Creates the format of rows with these columns. */
export function createRowFormat(format: ResultFormat, columns: readonly Column[]): RowFormat {
  const names = toNames(columns);
  if (format === 'csv') {
    return {
      header: toCsvLine(names),
      write: ({ tenantId, tenantName, values }) =>
        toCsvLine([tenantId, tenantName, ...values.map(toPlain(columns))]),
    };
  }
  const keys = names.map((name) => JSON.stringify(name));
  return {
    header: undefined,
    write: ({ tenantId, tenantName, values }) => {
      const all = [tenantId, tenantName, ...values.map(toPlain(columns))];
      // Written and not put into an object: names such as `__proto__` would get lost, and numbers
      // change the order.
      return `{${keys.map((key, place) => `${key}:${JSON.stringify(all[place] ?? null)}`).join(',')}}`;
    },
  };
}

/**
 * The names of all columns; one that is called as ours gets a number, so that no query can say
 * whose a row is.
 */
export function toNames(columns: readonly Column[]): readonly string[] {
  const names: string[] = [...OWNER_COLUMNS];
  for (const { name } of columns) {
    let unique = name;
    for (let number = 1; names.includes(unique); number++) unique = `${name}${number}`;
    names.push(unique);
  }
  return names;
}

/** A value as its column has it: of a column that became text everything is text. */
function toPlain(columns: readonly Column[]): (value: unknown, place: number) => unknown {
  return (value, place) => {
    const isText = columns[place]?.widenedFrom !== undefined;
    return isText && value !== undefined && typeof value !== 'string'
      ? JSON.stringify(value)
      : value;
  };
}

/** RFC 4180. */
function toCsvLine(values: readonly unknown[]): string {
  return `${values.map(toCell).join(',')}\r\n`;
}

/**
 * What a spreadsheet takes for a formula, also in the wide letters of East Asia ("CSV Injection",
 * OWASP).
 */
const FORMULA = /^[\s]*[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/;

function toCell(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (typeof value !== 'string') return quote(JSON.stringify(value));
  return quote(FORMULA.test(value) ? `'${value}` : value);
}

function quote(text: string): string {
  return /[",\t\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
