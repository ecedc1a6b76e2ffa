import { createHash } from 'node:crypto';
import * as v from 'valibot';
import type { SignedVersion } from '../../audit/row-state.ts';
import type { ReadRow, Row } from '../tables/row.ts';
import { isOurs, toContent } from './row-seal.ts';

/** The columns that say which version of a row it is; the MAC covers them too. */
const VERSION_COLUMNS = ['rowVersion', 'rowDigest', 'rowLedger', 'rowSignedAt', 'mac'];

const versionSchema = v.object({
  rowVersion: v.pipe(v.number(), v.integer(), v.minValue(1)),
  rowDigest: v.optional(v.string()),
  rowLedger: v.string(),
  rowSignedAt: v.date(),
});

/** Characters of a digest: 132 bits, of which nobody finds a second text. */
const DIGEST_LENGTH = 22;

/**
 * The digest of what a row decides: of every column but the `operational` ones, which change all
 * the time and decide nothing. A column that is added later counts unless it is named operational.
 */
export function toDigest(table: string, row: Row, operational: ReadonlySet<string>): string {
  const deciding = Object.fromEntries(
    Object.entries(row).filter(
      ([name]) => !operational.has(name) && !VERSION_COLUMNS.includes(name),
    ),
  );
  const content = toContent(table, {
    ...deciding,
    partitionKey: row.partitionKey,
    rowKey: row.rowKey,
  });
  return createHash('sha256').update(content).digest('base64url').slice(0, DIGEST_LENGTH);
}

/** The columns of a row as it was read, without what says which version it is. */
export function toOwnColumns(row: ReadRow): Readonly<Record<string, Row[string]>> {
  const own = Object.entries(row).filter(
    ([name]) => isOurs(name) && !VERSION_COLUMNS.includes(name),
  );
  return Object.fromEntries(own) as Record<string, Row[string]>;
}

/** The columns of a version. */
export function toVersionColumns({ version, digest, ledgerId, signedAt }: SignedVersion) {
  return {
    rowVersion: version,
    rowDigest: digest,
    rowLedger: ledgerId,
    rowSignedAt: new Date(signedAt),
  };
}

/** The version of a row whose MAC is valid; throws when it has none. */
export function parseVersion(row: ReadRow): SignedVersion {
  const { rowVersion, rowDigest, rowLedger, rowSignedAt } = v.parse(versionSchema, row);
  return {
    version: rowVersion,
    digest: rowDigest,
    ledgerId: rowLedger,
    signedAt: rowSignedAt.getTime(),
  };
}
