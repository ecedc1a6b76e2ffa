import { createHash } from 'node:crypto';
import type { Seal } from '../../crypto/seal.ts';
import type { ReadRow, Row } from '../tables/row.ts';

/** What the MAC of a row says. `forged`: it is missing, or of another content, key or table. */
export type MacVerdict = 'valid' | 'forged' | 'key_lost';

/**
 * Authenticates rows of one table: every column and both keys, so none can be changed, moved or
 * made up.
 */
export interface RowSeal {
  sign<R extends Row>(row: R): Promise<R & { readonly mac: string }>;
  verify(row: ReadRow | Row): Promise<MacVerdict>;
  /** Whether it is valid by a key in memory; `false` says nothing: ask `verify`. */
  isValidNow(row: ReadRow | Row): boolean;
  /** Whether a newer key of the ring should sign it. */
  isOld(row: ReadRow | Row): Promise<boolean>;
}

/** What the service and its SDK add. */
const NOT_OURS = new Set(['etag', 'timestamp', 'mac']);

/** Creates the seal of a table's rows. */
export function createRowSeal(seal: Seal, table: string): RowSeal {
  const listColumns = createListColumns();
  const toText = (row: ReadRow | Row) => toContent(table, row, listColumns);
  const isValidNow = (row: ReadRow | Row) =>
    typeof row.mac === 'string' && seal.verifyNow('stored row', toText(row), row.mac);
  return {
    sign: async (row) => ({ ...row, mac: await seal.authenticate('stored row', toText(row)) }),
    async verify(row) {
      if (isValidNow(row)) return 'valid';
      const { mac } = row;
      if (typeof mac !== 'string') return 'forged';
      if (await seal.verify('stored row', toText(row), mac)) return 'valid';
      return (await seal.knows(mac)) || !looksLikeTag(mac) ? 'forged' : 'key_lost';
    },
    isValidNow,
    isOld: ({ mac }) => seal.isOld(String(mac)),
  };
}

/**
 * The one text of a row: a list of its table and its columns in the order of their names, each
 * value with its type. A column that this version does not know counts too.
 */
export function toContent(
  table: string,
  row: ReadRow | Row,
  listColumns: ListColumns = sortColumns,
): string {
  const columns: Readonly<Record<string, unknown>> = row;
  const content: (string | readonly [string, string])[] = [table];
  for (const name of listColumns(Object.keys(columns))) {
    const value = columns[name];
    if (isThere(value)) content.push([name, toTyped(value)]);
  }
  return JSON.stringify(content);
}

/** Those of a row's columns that are ours, in the order of their names. */
type ListColumns = (names: readonly string[]) => readonly string[];

const sortColumns: ListColumns = (names) => names.filter(isOurs).toSorted();

/** The same; rows of one table mostly have the same columns, whose order is worked out once. */
function createListColumns(): ListColumns {
  let known: readonly string[] = [];
  let sorted: readonly string[] = [];
  return (names) => {
    const isSame = names.length === known.length && names.every((name, at) => name === known[at]);
    if (isSame) return sorted;
    known = names;
    sorted = sortColumns(names);
    return sorted;
  };
}

/** What an operator who accepts a row has looked at: SHA-256 of everything that it says. */
export function hashRow(table: string, row: ReadRow): string {
  return createHash('sha256').update(toContent(table, row)).digest('base64url');
}

/** Whether a column is one that the broker wrote, and not the MAC. */
export function isOurs(name: string): boolean {
  return !NOT_OURS.has(name) && !name.startsWith('odata.');
}

function isThere(value: unknown): boolean {
  return value !== undefined && value !== null;
}

function toTyped(value: unknown): string {
  if (typeof value === 'string') return `s:${value}`;
  if (value instanceof Date) return `d:${value.getTime()}`;
  if (value instanceof Uint8Array) return `b:${Buffer.from(value).toString('base64')}`;
  return `${typeof value}:${typeof value === 'object' ? JSON.stringify(value) : String(value)}`;
}

/** HMAC-SHA256 in base64url behind a key's id. */
function looksLikeTag(mac: string): boolean {
  return /^[^.]+\.[\w-]{43}$/.test(mac);
}
