import { expect, test } from 'vitest';
import { mergeColumns } from '../../../../shared/hunting/results/columns.ts';
import { createRowFormat, toNames } from '../../../../shared/hunting/results/format.ts';
import { createRowReader } from '../../../../shared/hunting/results/row-reader.ts';

const TENANT = '11111111-0000-4000-8000-000000000001';

function toColumns(text: string) {
  return text.split(',').map((part) => {
    const [name = '', type = 'string'] = part.split(':');
    return { name, type };
  });
}

/** One row of one customer in a format. */
function write(format: 'json' | 'ndjson' | 'csv', columns: string, row: string): string {
  const all = toColumns(columns);
  const owner = { tenantId: TENANT, tenantName: 'Contoso, Ltd' };
  return createRowFormat(format, all).toWriter(owner)(createRowReader(all)(row));
}

test('columns keep the order in which they were first seen, and one that differs becomes text', () => {
  const first = toColumns('a:long,b:string');
  const merged = mergeColumns(first, toColumns('b:string,c:real,a:string'));
  expect(merged).toEqual([
    { name: 'a', type: 'string', widenedFrom: ['long', 'string'] },
    { name: 'b', type: 'string' },
    { name: 'c', type: 'real' },
  ]);
  expect(mergeColumns(merged, toColumns('a:bool'))[0]?.widenedFrom).toEqual([
    'long',
    'string',
    'bool',
  ]);
  expect(mergeColumns(first, toColumns('b:string'))).toBe(first);
});

test('a row is read by the columns, whatever the case of its keys, without annotations', () => {
  const read = createRowReader(toColumns('DeviceName,Count:long,Missing'));
  expect(read('{"count@odata.type":"#Int64","count":3,"deviceName":"a","other":1}')).toEqual([
    'a',
    3,
    undefined,
  ]);
});

test('keys that differ by case alone are two columns', () => {
  const read = createRowReader(toColumns('a,A'));
  expect(read('{"A":"large","a":"small"}')).toEqual(['small', 'large']);
});

test.each([
  ['{"n":9007199254740993}', '9007199254740993'],
  ['{"n":-9223372036854775808}', '-9223372036854775808'],
  ['{"n":{"deep":[12345678901234567890]}}', '{"deep":[12345678901234567890]}'],
  ['{"n":0.12345678901234567}', '0.12345678901234567'],
] as const)('no digit gets lost: %s', (row, text) => {
  expect(write('ndjson', 'n:long', row)).toBe(
    `{"tenant_id":"${TENANT}","tenant_name":"Contoso, Ltd","n":${text}}\n`,
  );
  expect(write('csv', 'n:long', row)).toContain(text.replaceAll('"', '""'));
});

test('fractions of seven digits, nulls, objects and truth stay what they are', () => {
  const row = '{"t":"2026-11-21T09:00:00.1234567Z","o":{"a":[null,"x"]},"b":true,"z":null}';
  expect(JSON.parse(write('json', 't:datetime,o:dynamic,b:bool,z,absent', row))).toEqual({
    tenant_id: TENANT,
    tenant_name: 'Contoso, Ltd',
    t: '2026-11-21T09:00:00.1234567Z',
    o: { a: [null, 'x'] },
    b: true,
    z: null,
    absent: null,
  });
});

test('of a column that became text everything is text', () => {
  const columns = mergeColumns(toColumns('a:long'), toColumns('a:string'));
  const owner = { tenantId: TENANT, tenantName: undefined };
  const writeRow = createRowFormat('ndjson', columns).toWriter(owner);
  const rows = [5, 'x', true, { y: 1 }, undefined].map((value) => JSON.parse(writeRow([value])));
  expect(rows.map(({ a }) => a)).toEqual(['5', 'x', 'true', '{"y":1}', null]);
});

test('no query can say whose a row is', () => {
  const columns = toColumns('tenant_id,tenant_name,tenant_id1,__proto__,constructor');
  expect(toNames(columns)).toEqual([
    ...['tenant_id', 'tenant_name', 'tenant_id1', 'tenant_name1', 'tenant_id11'],
    ...['__proto__', 'constructor'],
  ]);
  const row = '{"tenant_id":"forged","__proto__":"p","constructor":"c"}';
  const read = createRowReader(columns);
  const owner = { tenantId: TENANT, tenantName: 'C' };
  const line = createRowFormat('ndjson', columns).toWriter(owner)(read(row));
  expect(line).toContain(`"tenant_id":"${TENANT}"`);
  expect(line).toContain('"tenant_id1":"forged"');
  expect(line).toContain('"__proto__":"p"');
});

test.each([
  ['plain', 'plain'],
  ['a,b', '"a,b"'],
  ['say "hi"', '"say ""hi"""'],
  ['two\nlines', '"two\nlines"'],
  [' space', '" space"'],
  ['=HYPERLINK("http://x")', '"\'=HYPERLINK(""http://x"")"'],
  ['+1', "'+1"],
  ['-1', "'-1"],
  ['@SUM(A1)', "'@SUM(A1)"],
  ['\tx', '"\'\tx"'],
  ['  =1', "'  =1"],
  ['＝1', "'＝1"],
  ['', ''],
] as const)('a cell is safe for spreadsheets: %j', (value, cell) => {
  const line = write('csv', 'a', JSON.stringify({ a: value }));
  expect(line).toBe(`${TENANT},"Contoso, Ltd",${cell}\r\n`);
});

test('numbers are no formulas, also below zero', () => {
  expect(write('csv', 'a:long', '{"a":-5}')).toBe(`${TENANT},"Contoso, Ltd",-5\r\n`);
});

test('a header is safe, too', () => {
  expect(createRowFormat('csv', toColumns('=cmd,b')).header).toBe(
    "tenant_id,tenant_name,'=cmd,b\r\n",
  );
});
