/** The row key of a stream's head; sorts behind every number. */
export const HEAD = 'head';

/** Safe integers have 16 digits. */
const DIGITS = 16;

const ENTRY_KEY = /^\d{16}$/;

/** The row key of an entry, in the order of the numbers. */
export function toRowKey(sequence: number): string {
  return String(sequence).padStart(DIGITS, '0');
}

/** The number of an entry; `undefined` for a row key that no broker makes. */
export function findSequence(rowKey: string | undefined): number | undefined {
  return rowKey !== undefined && ENTRY_KEY.test(rowKey) ? Number(rowKey) : undefined;
}
