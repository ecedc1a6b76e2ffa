import type { HuntProgress, ResultPart } from '../hunt.ts';
import { type ResultPosition, toColumnsError } from './cursor.ts';
import { createRowFormat, type ResultFormat } from './format.ts';
import type { StoredChunk } from './read-chunks.ts';
import { createRowReader } from './row-reader.ts';

/** Bytes of a page, but for a single row that is larger. */
export const MAX_PAGE_BYTES = 4 * 1024 * 1024;

/** What a page holds at most; one row is answered whatever its size. */
export interface PageLimits {
  readonly rows: number;
  readonly bytes: number;
}

/** The limits of a page that programs read. */
export const PAGE_LIMITS: PageLimits = { rows: Number.POSITIVE_INFINITY, bytes: MAX_PAGE_BYTES };

/** A page that is being filled. */
export interface Page {
  readonly lines: readonly string[];
  /** Takes rows of a blob; `false`: the page is full. */
  add(chunk: StoredChunk, tenantName: string | undefined): boolean;
  /** Where the next page begins. */
  position(): ResultPosition;
  isFull(): boolean;
}

/**
 * Creates an empty page that begins at a position; the first one of a CSV begins with its header.
 */
export function createPage(
  format: ResultFormat,
  { columns: all, limits = PAGE_LIMITS }: Pick<HuntProgress, 'columns'> & { limits?: PageLimits },
  from: ResultPosition,
): Page {
  const { header, columns, isFirst } = toLayout(format, all, from);
  const { header: heading = '', write } = createRowFormat(format, columns);
  const lines: string[] = isFirst ? [heading] : [];
  const read = createRowReader(columns);
  let bytes = Buffer.byteLength(heading);
  let rows = 0;
  let isFull = false;
  let position: ResultPosition = { ...from, header };

  const addRow = (line: string): boolean => {
    bytes += Buffer.byteLength(line) + 1;
    if (rows > 0 && (bytes > limits.bytes || rows >= limits.rows)) return false;
    rows++;
    lines.push(line);
    return true;
  };

  return {
    lines,
    add({ part, chunk, row, rows: stored }, tenantName) {
      const { tenantId, number } = part;
      if (format === 'csv' && !hasAllColumns(part, columns)) {
        if (rows === 0) throw toColumnsError();
        isFull = true;
        return false;
      }
      for (const [offset, text] of stored.entries()) {
        isFull = !addRow(write({ tenantId, tenantName, values: read(text) }));
        if (!isFull) continue;
        position = { part: number, chunk, row: row + offset, header };
        return false;
      }
      position = { part: number, chunk: chunk + 1, row: 0, header };
      return true;
    },
    position: () => position,
    isFull: () => isFull,
  };
}

/** A CSV has the columns of its header, which is on the first page that knows any. */
function toLayout(format: ResultFormat, all: HuntProgress['columns'], from: ResultPosition) {
  if (format !== 'csv') return { header: undefined, columns: all, isFirst: false };
  const known = all.length === 0 ? undefined : all.length;
  const header = from.header ?? known;
  const isFirst = from.header === undefined && header !== undefined;
  return { header, columns: all.slice(0, header ?? 0), isFirst };
}

function hasAllColumns(part: ResultPart, columns: HuntProgress['columns']): boolean {
  const names = new Set(columns.map(({ name }) => name));
  return part.columns.every(({ name }) => names.has(name));
}
