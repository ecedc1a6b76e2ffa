import { expect, test } from 'vitest';
import type { Row } from '../../../shared/azure/tables/row.ts';
import { checkRow, toEntitySize } from '../../../shared/azure/tables/row-limits.ts';

const KEYS = { partitionKey: 'p', rowKey: 'r' };

const many = (count: number, value: Row[string]): Record<string, Row[string]> =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`p${index}`, value]));

test.each<[string, Record<string, Row[string]>]>([
  ['a text of 32 K characters', { text: 'x'.repeat(32_768) }],
  ['64 KiB of bytes', { bytes: Buffer.alloc(65_536) }],
  ['252 properties', many(252, 1)],
  ['more names than that without values', many(300, undefined)],
  ['a long key', { rowKey: 'x'.repeat(512) }],
  ['nearly 1 MiB', many(15, Buffer.alloc(65_536))],
])('%s is accepted', (_, properties) => {
  const row = { ...KEYS, ...properties };
  expect(checkRow(row)).toBe(row);
});

test.each<[string, Record<string, Row[string]>, string]>([
  ['a longer text', { text: 'x'.repeat(32_769) }, 'has 32769 characters in text'],
  ['more bytes', { bytes: Buffer.alloc(65_537) }, 'has 65537 bytes in bytes'],
  ['more properties', many(253, 1), 'has 253 properties'],
  ['a longer key', { rowKey: 'x'.repeat(513) }, 'has a RowKey of 513 characters'],
  ['a slash in a key', { partitionKey: 'a/b' }, 'has a character in its PartitionKey'],
  ['a control character in a key', { rowKey: 'a\u0085b' }, 'has a character in its RowKey'],
  ['1 MiB', many(16, Buffer.alloc(65_536)), 'has 1048'],
  ['1 MiB of texts', many(16, 'x'.repeat(32_768)), 'has 1048'],
])('%s is refused by name, without the value', (_, properties, reason) => {
  expect(() => checkRow({ ...KEYS, ...properties })).toThrow(reason);
});

test('the size of a row is that of the documented formula', () => {
  const row = { ...KEYS, text: 'abc', bytes: Buffer.alloc(5), flag: true, none: undefined };
  const expected = 4 + 2 * 2 + (8 + 8 + 4 + 6) + (8 + 10 + 4 + 5) + (8 + 8 + 8);
  expect(toEntitySize(row)).toBe(expected);
});
