import { expect, test } from 'vitest';
import { createDensityCheck, readBounded } from '../../shared/bounded-body.ts';

/** A body of chunks that counts how many were taken. */
function makeBody(chunk: string, count: number) {
  const bytes = Buffer.from(chunk);
  let taken = 0;
  async function* produce() {
    await Promise.resolve();
    for (; taken < count; taken++) yield bytes;
  }
  return { body: produce(), countTaken: () => taken };
}

test('a body within the limit is read whole, one that is missing is empty', async () => {
  const { body } = makeBody('ab', 3);
  expect(String(await readBounded(body, 6))).toBe('ababab');
  expect(await readBounded(null, 6)).toEqual(Buffer.alloc(0));
});

test('what is beyond the limit is not read', async () => {
  const { body, countTaken } = makeBody('x'.repeat(1024), 1_000_000);
  expect(await readBounded(body, 4096)).toBeUndefined();
  expect(countTaken()).toBeLessThan(6);
});

test.each(['{},', '1,', '[[', '"",'])(
  'JSON of nothing but %s is not read to its end',
  async (values) => {
    const { body, countTaken } = makeBody(values.repeat(100_000), 1000);
    expect(await readBounded(body, 1024 ** 3, createDensityCheck())).toBeUndefined();
    expect(countTaken()).toBeLessThan(25);
  },
);

test('what an incident looks like is read, however much of it there is', async () => {
  const row = '{"entityType":"File","sha1":null,"sha256":null,"fileName":null,"url":null},';
  const { body } = makeBody(row.repeat(10_000), 60);
  const bytes = await readBounded(body, 64 * 1024 * 1024, createDensityCheck());
  expect(bytes?.byteLength).toBe(60 * 10_000 * row.length);
});
