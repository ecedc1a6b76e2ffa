import { expect, test } from 'vitest';
import { parseTable, toCsv } from '../../console/csv.ts';
import { countProcessorTime } from '../support/processor-time.ts';

test.each<[string, string, readonly (readonly string[])[]]>([
  [
    'commas',
    'a,b\nc,d',
    [
      ['a', 'b'],
      ['c', 'd'],
    ],
  ],
  [
    'tabs of a spreadsheet',
    'a\tb, c\r\nd\te\r\n',
    [
      ['a', 'b, c'],
      ['d', 'e'],
    ],
  ],
  ['semicolons', 'a;b,c;d\n', [['a', 'b,c', 'd']]],
  [
    'quotation marks',
    '"a, ""b""",c\n"two\nlines",d',
    [
      ['a, "b"', 'c'],
      ['two\nlines', 'd'],
    ],
  ],
  ['a quotation mark within a cell', 'a "b" c,d', [['a "b" c', 'd']]],
  ['one that is never closed', '"a,b\nc', [['"a', 'b'], ['c']]],
  ['empty lines', '\n\n a , b \n,\n', [['a', 'b']]],
  ['nothing', '', []],
])('a table is read with %s', (_, text, rows) => {
  expect(parseTable(text)).toEqual(rows);
});

test('a long paste without any end is read at once', () => {
  const getProcessorMs = countProcessorTime();
  parseTable('"a'.repeat(50_000));
  expect(getProcessorMs()).toBeLessThan(1000);
});

test('what was written is read the same', () => {
  const rows = [
    ['a', 'b "c", d'],
    ['two\nlines', ''],
  ];
  expect(parseTable(toCsv(rows))).toEqual(rows);
});

test.each(['=1+1', '+49 1', '-1', '@sum(a)', '\tx', ' =1+1', '\uff1d1+1'])(
  'a spreadsheet does not run a cell as a formula: %j',
  (cell) => {
    expect(toCsv([[cell]])).toBe(`'${cell}\r\n`);
  },
);
