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
  /** Whether a newer key of the ring should sign it. */
  isOld(row: ReadRow | Row): Promise<boolean>;
}

/** What the service and its SDK add. */
const NOT_OURS = new Set(['etag', 'timestamp', 'mac']);

/** Creates the seal of a table's rows. */
export function createRowSeal(seal: Seal, table: string): RowSeal {
  return {
    sign: async (row) => ({
      ...row,
      mac: await seal.authenticate('stored row', toContent(table, row)),
    }),
    async verify(row) {
      const { mac } = row;
      if (typeof mac !== 'string') return 'forged';
      if (await seal.verify('stored row', toContent(table, row), mac)) return 'valid';
      return (await seal.knows(mac)) || !looksLikeTag(mac) ? 'forged' : 'key_lost';
    },
    isOld: ({ mac }) => seal.isOld(String(mac)),
  };
}

/**
 * The one text of a row: a list of its table and its columns in the order of their names, each
 * value with its type. A column that this version does not know counts too.
 */
export function toContent(table: string, row: ReadRow | Row): string {
  const columns: Readonly<Record<string, unknown>> = row;
  const names = Object.keys(columns).filter((name) => isOurs(name) && isThere(columns[name]));
  return JSON.stringify([table, ...names.toSorted().map((name) => [name, toTyped(columns[name])])]);
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
