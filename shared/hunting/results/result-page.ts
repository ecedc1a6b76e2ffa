import type { Column, ResultPart } from '../hunt.ts';
import { type ResultPosition, toColumnsError } from './cursor.ts';
import { flattenRow } from './flatten-row.ts';
import { createRowFormat, type ResultFormat } from './format.ts';
import { createPageText } from './page-text.ts';
import type { StoredRows } from './read-chunks.ts';
import { createRowReader } from './row-reader.ts';

/** Bytes of a page, but for a single row that is larger. */
const MAX_PAGE_BYTES = 4 * 1024 * 1024;

/** What a JSON page says beside its rows and columns has less. */
const ENVELOPE_BYTES = 4096;

/** What a page holds at most; one row is answered whatever its size. */
export interface PageLimits {
  readonly rows: number;
  readonly bytes: number;
}

/** The limits of a page that programs read. */
export const PAGE_LIMITS: PageLimits = { rows: Number.POSITIVE_INFINITY, bytes: MAX_PAGE_BYTES };

/** What a page is made for. */
interface PageRequest {
  readonly format: ResultFormat;
  /** Those of the hunt. */
  readonly columns: readonly Column[];
  readonly limits: PageLimits;
  readonly from: ResultPosition;
}

/** A page that is being filled. */
interface Page {
  /** Takes rows; `false`: the page is full. */
  add(stored: StoredRows, tenantName: string | undefined): boolean;
  countRows(): number;
  /** The rows as the format writes them. */
  toBytes(): Buffer;
  /** Where the next page begins. */
  position(): ResultPosition;
  isFull(): boolean;
}

/** Creates an empty page; the first one of a CSV begins with its header. */
export function createPage({ format, columns: all, limits, from }: PageRequest): Page {
  const { header, columns, isFirst } = toLayout(format, all, from);
  const { header: heading, separator, toWriter } = createRowFormat(format, columns);
  const read = createRowReader(columns);
  const maxBytes = limits.bytes - (format === 'json' ? countEnvelope(columns) : 0);
  const text = createPageText(maxBytes);
  if (isFirst) text.append(heading, Buffer.byteLength(heading));
  let rows = 0;
  let isFull = false;
  let position: ResultPosition = { ...from, header };

  /** `false`: it is too much for the page. */
  const addRow = (row: string): boolean => {
    const added = rows === 0 ? row : separator + row;
    const bytes = Buffer.byteLength(added);
    const isOver = text.countBytes() + bytes > maxBytes || rows >= limits.rows;
    if (rows > 0 && isOver) return false;
    text.append(added, bytes);
    rows++;
    return true;
  };

  return {
    add({ part, chunk, row, rows: stored }, tenantName) {
      if (format === 'csv' && !hasAllColumns(part, columns)) {
        if (rows === 0) throw toColumnsError();
        isFull = true;
        return false;
      }
      const write = toWriter({ tenantId: part.tenantId, tenantName });
      const before = rows;
      isFull = !stored.every((line) => addRow(writeRow(line, (text) => write(read(text)))));
      position = { ...toPosition(part, { chunk, row: row + rows - before }), header };
      return !isFull;
    },
    countRows: () => rows,
    toBytes: text.toBytes,
    position: () => position,
    isFull: () => isFull,
  };
}

/** One row that can't be written keeps no page from being answered. */
function writeRow(line: string, write: (line: string) => string): string {
  try {
    return write(line);
  } catch (error) {
    // Too many levels for the stack.
    if (!(error instanceof RangeError)) throw error;
    return write(flattenRow(line));
  }
}

/** After the last row of a blob, the next blob comes: who follows a hunt fetches none in vain. */
function toPosition(
  { number, chunks }: ResultPart,
  { chunk, row }: Pick<ResultPosition, 'chunk' | 'row'>,
) {
  const isAtEnd = row >= (chunks[chunk] ?? 0);
  return { part: number, ...(isAtEnd ? { chunk: chunk + 1, row: 0 } : { chunk, row }) };
}

function countEnvelope(columns: readonly Column[]): number {
  return ENVELOPE_BYTES + Buffer.byteLength(JSON.stringify(columns));
}

/** A CSV has the columns of its header, which is on the first page that knows any. */
function toLayout(format: ResultFormat, all: readonly Column[], from: ResultPosition) {
  if (format !== 'csv') return { header: undefined, columns: all, isFirst: false };
  const known = all.length === 0 ? undefined : all.length;
  const header = from.header ?? known;
  const isFirst = from.header === undefined && header !== undefined;
  return { header, columns: all.slice(0, header ?? 0), isFirst };
}

function hasAllColumns(part: ResultPart, columns: readonly Column[]): boolean {
  const names = new Set(columns.map(({ name }) => name));
  return part.columns.every(({ name }) => names.has(name));
}
