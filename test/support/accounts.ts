/** More than there are test files; each has a number of its own. */
export const MAX_FILES = 400;

/** Brokers that one test file may start, those of a second try included. */
export const ACCOUNTS_PER_FILE = 12;

/** The storage account of one broker of a test file. */
export function toAccountName(file: string | number, broker: number): string {
  return `w${file}n${broker}`;
}
