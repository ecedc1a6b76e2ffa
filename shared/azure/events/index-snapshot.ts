import { createHash, randomUUID } from 'node:crypto';
import * as v from 'valibot';
import { AUTHORITY_TABLES, type RowChange } from '../../audit/row-state.ts';
import type { BlobContainer } from '../blobs/blob-container.ts';

/** A snapshot of the index, as the head names it: nobody can put another one in its place. */
interface SnapshotName {
  readonly name: string;
  /** SHA-256 of the blob, in base64url. */
  readonly hash: string;
}

const snapshotSchema = v.array(
  v.pipe(
    v.tuple([
      v.picklist(AUTHORITY_TABLES),
      v.string(),
      v.number(),
      v.nullable(v.string()),
      v.nullable(v.number()),
    ]),
    v.transform(
      ([table, key, version, digest, endsAt]): RowChange => ({
        table,
        key,
        version,
        digest: digest ?? undefined,
        endsAt: endsAt ?? undefined,
      }),
    ),
  ),
);

/** Writes the version of every row into a new blob. */
export async function saveSnapshot(
  blobs: BlobContainer,
  rows: readonly RowChange[],
): Promise<SnapshotName> {
  const tuples = rows.map(({ table, key, version, digest, endsAt }) => [
    ...[table, key, version],
    ...[digest ?? null, endsAt ?? null],
  ]);
  const content = Buffer.from(JSON.stringify(tuples));
  const name = `index/${randomUUID()}`;
  await blobs.put(name, content);
  return { name, hash: toHash(content) };
}

/** `undefined`: the blob is gone, or is not the one that the head names. */
export async function findSnapshot(
  blobs: BlobContainer,
  { name, hash }: SnapshotName,
): Promise<readonly RowChange[] | undefined> {
  const content = await blobs.find(name);
  if (!content || toHash(content) !== hash) return undefined;
  return v.parse(snapshotSchema, JSON.parse(content.toString()));
}

function toHash(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('base64url');
}
