import { expect, test } from 'vitest';
import { pack, packAtOnce, unpack } from '../../../shared/azure/tables/packed.ts';

test('a text comes back as it was packed', async () => {
  const text = 'Tür ☃ '.repeat(1000);
  expect(unpack(await pack(text))).toBe(text);
  expect(unpack(packAtOnce(text))).toBe(text);
});

test('what unpacks beyond its limit is cut off there, not after all of it was unpacked', async () => {
  const packed = await pack(' '.repeat(20_000_000));
  const isCut = expect.objectContaining({ code: 'ERR_BUFFER_TOO_LARGE' });
  expect(() => unpack(packed, 1000)).toThrow(isCut);
  expect(() => unpack(packed)).toThrow(isCut);
  expect(unpack(packed, 20_000_000)).toHaveLength(20_000_000);
});
