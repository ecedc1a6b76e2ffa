import { promisify } from 'node:util';
import { gzip, gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import type { Refusal } from '../../../shared/authority/refusal.ts';
import { createResultBlobs } from '../../../shared/azure/hunting/result-blobs.ts';
import { createRefuseHunt } from '../../../shared/hunting/refuse-hunt.ts';
import { openNewContainer } from '../../support/storage.ts';
import { collectRows } from '../hunting/memory.ts';

const BLOB = 'tenant/hunt/uuid';

/** More than a blob of rows unpacks to, and than the broker writes. */
const BOMB_BYTES = 128 * 1024 * 1024;

function setUp() {
  const refused: Refusal[] = [];
  const blobs = openNewContainer('hunts');
  const refuse = createRefuseHunt({ report: (refusal) => void refused.push(refusal) });
  return { blobs, refused, results: createResultBlobs(blobs, refuse) };
}

const PLANTED: readonly (readonly [string, () => Promise<Uint8Array>, Refusal['problem']])[] = [
  ['a bomb', () => promisify(gzip)(Buffer.alloc(BOMB_BYTES, 0x20)), 'too_large'],
  ['larger than any blob', () => Promise.resolve(Buffer.alloc(65 * 1024 * 1024)), 'too_large'],
  ['not packed', () => Promise.resolve(Buffer.from('{}\n')), 'damaged'],
  ['cut', () => Promise.resolve(gzipSync('{"a":"one"}\n'.repeat(99)).subarray(0, 30)), 'damaged'],
];

test.each(PLANTED)(
  'rows in a blob that no broker packed are refused: %s',
  async (_, make, problem) => {
    const { blobs, refused, results } = setUp();
    await blobs.put(`${BLOB}/0`, await make());
    const read = collectRows(results.readChunk(BLOB, 0));
    await expect(read).rejects.toMatchObject({ code: 'integrity', details: { owner: 'partner' } });
    expect(refused).toEqual([{ table: 'hunts', key: 'hunt', problem }]);
  },
);

test.each(PLANTED)(
  'a query in a blob that no broker packed is asked of nobody: %s',
  async (_, make, problem) => {
    const { blobs, refused, results } = setUp();
    await blobs.put('queries/hunt', await make());
    expect(await results.findQuery('hunt')).toBeUndefined();
    expect(refused).toEqual([{ table: 'hunts', key: 'hunt', problem }]);
  },
);
