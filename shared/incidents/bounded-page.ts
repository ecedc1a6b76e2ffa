/**
 * Bytes of JSON on a page, but for a single row that is larger: thousands of incidents as they
 * usually are.
 */
export const MAX_PAGE_BYTES = 4 * 1024 * 1024;

/** Rows that are answered together. */
interface BoundedPage<T> {
  readonly rows: readonly T[];
  /**
   * `false`: there is no room for the row, nor for any after it; for the first one there always is.
   */
  readonly add: (row: T) => boolean;
}

/**
 * Creates an empty page for at most `limit` rows, and as many as fit into `MAX_PAGE_BYTES`.
 * `sizeOfMore`: the bytes that are answered with a row besides its own.
 */
export function createBoundedPage<T extends object>(
  limit: number,
  sizeOfMore: (row: T) => number = () => 0,
): BoundedPage<T> {
  const rows: T[] = [];
  let bytes = 0;
  return {
    rows,
    add(row) {
      if (rows.length === limit) return false;
      bytes += Buffer.byteLength(JSON.stringify(row)) + sizeOfMore(row);
      if (rows.length > 0 && bytes > MAX_PAGE_BYTES) return false;
      rows.push(row);
      return true;
    },
  };
}
