import { toCellJson, toCellText } from '../../spreadsheet.ts';
import type { Column } from '../hunt.ts';

/** What results are answered as. */
export const RESULT_FORMATS = ['json', 'ndjson', 'csv'] as const;

/** What results are answered as. */
export type ResultFormat = (typeof RESULT_FORMATS)[number];

/** Whose rows are. */
interface RowOwner {
  readonly tenantId: string;
  readonly tenantName: string | undefined;
}

/** Writes a row, whose values are in the order of the columns. */
type WriteRow = (values: readonly unknown[]) => string;

/** Writes rows of a format. */
interface RowFormat {
  /** What stands before the first row of all. */
  readonly header: string;
  /** What stands between two rows of a page. */
  readonly separator: string;
  readonly toWriter: (owner: RowOwner) => WriteRow;
}

/** In front of every row. */
const OWNER_COLUMNS = ['tenant_id', 'tenant_name'] as const;

/**
 * Creates the format of rows with these columns. A row is written by appending to one text: at a
 * million rows, arrays and objects for each are what memory would grow by.
 */
export function createRowFormat(format: ResultFormat, columns: readonly Column[]): RowFormat {
  const names = toNames(columns);
  const toPlain = createToPlain(columns);
  if (format === 'csv') {
    return {
      header: `${names.map(toCell).join(',')}\r\n`,
      separator: '',
      toWriter: ({ tenantId, tenantName }) => {
        const owner = `${toCell(tenantId)},${toCell(tenantName)}`;
        return (values) =>
          `${append(owner, columns, (place) => `,${toCell(toPlain(values[place], place))}`)}\r\n`;
      },
    };
  }
  // Written and not put into an object: names such as `__proto__` would get lost, and numbers
  // change the order.
  const [idKey, nameKey, ...keys] = names.map((name) => `${JSON.stringify(name)}:`);
  const end = format === 'ndjson' ? '}\n' : '}';
  return {
    header: '',
    separator: format === 'json' ? ',' : '',
    toWriter: ({ tenantId, tenantName }) => {
      const owner = `{${idKey}${toJson(tenantId)},${nameKey}${toJson(tenantName)}`;
      return (values) =>
        `${append(owner, columns, (place) => `,${keys[place]}${toJson(toPlain(values[place], place))}`)}${end}`;
    },
  };
}

function append(start: string, { length }: readonly unknown[], toText: (place: number) => string) {
  let text = start;
  for (let place = 0; place < length; place++) text += toText(place);
  return text;
}

function toJson(value: unknown): string {
  return JSON.stringify(value ?? null);
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
function createToPlain(columns: readonly Column[]): (value: unknown, place: number) => unknown {
  const isText = columns.map(({ widenedFrom }) => widenedFrom !== undefined);
  return (value, place) =>
    isText[place] && value !== undefined && typeof value !== 'string'
      ? JSON.stringify(value)
      : value;
}

/** A cell of CSV (RFC 4180). */
function toCell(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (typeof value !== 'string') return quote(toCellJson(JSON.stringify(value)));
  return quote(toCellText(value));
}

function quote(text: string): string {
  return /[",\t\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
