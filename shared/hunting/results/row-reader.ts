import type { Column } from '../hunt.ts';

/** The values of a row in the order of the columns; `undefined`: the row has no such value. */
type ReadRow = (row: string) => readonly unknown[];

/**
 * A number that JavaScript may not hold exactly: Defender's ids of processes and reports have 19
 * digits.
 */
const LONG_NUMBER = /[\d.]{16}/;

/**
 * "JSON.parse source text access" (ECMAScript 2026), which this version of TypeScript does not
 * describe.
 */
interface ExactJson {
  parse(
    text: string,
    revive: (key: string, value: unknown, context: { readonly source?: string }) => unknown,
  ): unknown;
  rawJSON(text: string): unknown;
}

/** The same object: only its type is another. */
const EXACT_JSON = JSON as unknown as ExactJson;

/**
 * Creates the reader of rows: keys are compared without case where none is the same, and
 * annotations of OData left out.
 */
export function createRowReader(columns: readonly Column[]): ReadRow {
  const places = createPlaces(columns);
  return (row) => {
    const values = new Array<unknown>(columns.length);
    const parsed = parseRow(row);
    for (const key of Object.keys(parsed)) {
      const place = places(key);
      if (place !== undefined) values[place] = parsed[key] ?? undefined;
    }
    return values;
  };
}

function parseRow(row: string): Readonly<Record<string, unknown>> {
  const parsed: unknown = LONG_NUMBER.test(row)
    ? EXACT_JSON.parse(row, (_, value, { source }) =>
        typeof value === 'number' && source !== undefined ? EXACT_JSON.rawJSON(source) : value,
      )
    : JSON.parse(row);
  return isObject(parsed) ? parsed : {};
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

/** A line of results whose long numbers are texts: for readers that hold no more than 15 digits. */
export function parseReadably(line: string): Readonly<Record<string, unknown>> {
  const parsed = EXACT_JSON.parse(line, (_, value, { source }) =>
    typeof value === 'number' && source !== undefined && LONG_NUMBER.test(source) ? source : value,
  );
  return isObject(parsed) ? parsed : {};
}

/** Where a key's value belongs; looked up once for each way of writing it. */
function createPlaces(columns: readonly Column[]): (key: string) => number | undefined {
  const known = new Map<string, number | undefined>();
  const byCase = new Map<string, number>();
  for (const [place, { name }] of columns.entries()) {
    known.set(name, place);
    if (!byCase.has(name.toLowerCase())) byCase.set(name.toLowerCase(), place);
  }
  return (key) => {
    if (!known.has(key)) known.set(key, byCase.get(key.toLowerCase()));
    return known.get(key);
  };
}
