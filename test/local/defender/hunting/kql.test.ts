import { expect, test } from 'vitest';
import { runQuery } from '../../../../local/defender/hunting/kql/run-query.ts';
import { formatDatetime, type Value } from '../../../../local/defender/hunting/kql/value.ts';
import { createTables, TABLES } from '../../../../local/defender/hunting/tables/tables.ts';
import { findKustoErrors } from '../../../support/kusto.ts';

const NOW = Date.UTC(2026, 10, 20, 10);
const TENANT = 'cccccccc-0000-4000-8000-000000000001';
const tables = createTables(NOW);
const SCHEMAS = Object.fromEntries(
  TABLES.map(({ name, columns }) => [
    name,
    `(${columns.map((one) => `${one.name}: ${one.type}`).join(', ')})`,
  ]),
);

/** The rows of a query over the generated tables; times as texts. */
function run(text: string): readonly (readonly unknown[])[] {
  const database = {
    now: BigInt(NOW) * 10_000n,
    findTable: (name: string) => tables.find(TENANT, name),
  };
  const { columns, rows } = runQuery(text, database);
  const show = (value: Value, place: number) =>
    columns[place]?.type === 'datetime' && typeof value === 'bigint'
      ? formatDatetime(value)
      : value;
  return [...rows].map((row) => row.map(show));
}

function runOn(data: string, text: string) {
  return run(`let D = print x = ${data} | mv-expand x; D | extend v = x ${text}`);
}

test.each([
  ['DeviceInfo | count', [[120]]],
  ['DeviceInfo | take 3 | count', [[3]]],
  [
    'DeviceInfo | where Timestamp > ago(30d) | summarize c = count() by OSArchitecture',
    [['64-bit', 120]],
  ],
  ['DeviceInfo | distinct DeviceId | count', [[12]]],
  ['DeviceInfo | summarize arg_max(Timestamp, *) by DeviceId | count', [[12]]],
  ['DeviceInfo | top 1 by Timestamp desc | project OnboardingStatus', [['Onboarded']]],
  ['let n = 5; DeviceInfo | limit n | count', [[5]]],
  ['let few = DeviceInfo | take 2; few | count', [[2]]],
  ['union DeviceInfo, AlertInfo | count', [[180]]],
  ['DeviceInfo | union (AlertInfo | take 10) | count', [[130]]],
  ['AlertInfo | join kind=leftanti AlertInfo on AlertId | count', [[0]]],
  ['AlertInfo | join kind=inner AlertInfo on AlertId | count', [[60]]],
  ['AlertInfo | where Severity in ("High", "Low") or Severity !in ("High", "Low") | count', [[60]]],
  ['print a = 7 / 2, b = 7.0 / 2, c = 7 % 4, d = -(1 + 2) * 3', [[3, 3.5, 3, -9]]],
  [
    'print strcat("a", 1, tolower("B")), substring("hello", 1, 3), strlen("ab")',
    [['a1b', 'ell', 2]],
  ],
  ['print iff(1 > 2, "x", "y"), case(false, 1, true, 2, 3), coalesce("", "z")', [['y', 2, '']]],
  [
    'print startofday(datetime(2026-11-20 10:30)), bin(datetime(2026-11-20 10:30), 1h)',
    [['2026-11-20T00:00:00Z', '2026-11-20T10:00:00Z']],
  ],
  ['print datetime(2026-11-20) - 1d + 90m', [['2026-11-19T01:30:00Z']]],
  ['print extract(@"(\\d+)-(\\d+)", 2, "10-20"), split("a,b", ",")[1]', [['20', 'b']]],
  ['print dynamic({"a": [1, {"b": "x"}]}).a[1].b', [['x']]],
  [
    'print "PowerShell.exe" has "powershell", "abcdef" has "abc", "a-abc-b" has "abc"',
    [[true, false, true]],
  ],
  [
    'print "abc" contains "B", "abc" startswith "AB", "abc" endswith_cs "C", "a" =~ "A"',
    [[true, true, false, true]],
  ],
  [
    'print 5 between (1 .. 5), 6 !between (1 .. 5), "x" matches regex "^[xy]$"',
    [[true, true, true]],
  ],
  [
    'print isempty(""), isnotempty("a"), isnull(tolong("x")), isnotnull(1)',
    [[true, true, true, true]],
  ],
] as const)('%s', (text, expected) => {
  expect(run(text)).toEqual(expected);
});

test('groups are kept apart, and aggregates gather', () => {
  const rows = runOn(
    'dynamic([1, 2, 2, 5])',
    '| summarize n = count(), s = sum(tolong(v)), d = dcount(v), m = max(v) by even = tolong(v) % 2',
  );
  expect(rows).toEqual([
    [1, 2, 6, 2, 5],
    [0, 2, 4, 1, 2],
  ]);
});

test('rows are sorted downwards unless they are told otherwise, and nulls are last then', () => {
  expect(runOn('dynamic([2, null, 10])', '| project v | sort by v')).toEqual([[10], [2], [null]]);
  expect(runOn('dynamic([2, null, 10])', '| project v | sort by v asc')).toEqual([
    [null],
    [2],
    [10],
  ]);
});

test('innerunique, the usual join, takes one row of the left table for each key', () => {
  const left = 'let L = print k = dynamic(["a", "a", "b"]) | mv-expand k;';
  expect(run(`${left} L | join (L) on k | count`)).toEqual([[3]]);
  expect(run(`${left} L | join kind=inner (L) on k | count`)).toEqual([[5]]);
  expect(
    run(`${left} L | join kind=leftouter (print k = "a", m = 1) on k | where isnull(m) | count`),
  ).toEqual([[1]]);
});

test.each([
  'DeviceInfo | where DeviceName == "x" | project DeviceName, Timestamp',
  'DeviceProcessEvents | summarize count(), dcount(DeviceId) by FileName, bin(Timestamp, 1h) | top 5 by count_',
  'let since = ago(1d); DeviceLogonEvents | where Timestamp > since and IsLocalAdmin == true | count',
  'EmailEvents | extend Domain = tolower(SenderFromDomain) | distinct Domain | sort by Domain asc',
  'AlertInfo | join kind=inner AlertEvidence on AlertId | project AlertId, DeviceName',
  'union DeviceInfo, DeviceLogonEvents | project Timestamp, DeviceName | take 5',
  'CloudAppEvents | mv-expand p = RawEventData.Parameters | project tostring(p.Name)',
  'DeviceInfo | where Nope == 1',
  'DeviceInfo | project Nope',
  'DeviceInfo | summarize count() by Nope',
  'DeviceInfo | sort by Nope',
  'Nowhere | take 1',
  'DeviceInfo | join kind=inner (Nowhere) on DeviceId',
  'DeviceInfo | where',
  'DeviceInfo | wher DeviceName == "x"',
  'DeviceInfo | where DeviceName = "x"',
  'DeviceInfo | where DeviceName == "x',
  'DeviceInfo | take',
  'DeviceInfo | where DeviceName > 5',
  'DeviceInfo | extend x = nofunction(1)',
  'DeviceInfo take 5',
])('the stand-in and Kusto agree whether it is a query: %s', (text) => {
  const isFine = findKustoErrors(text, SCHEMAS).length === 0;
  expect(tryRun(text)).toBe(isFine);
});

function tryRun(text: string): boolean {
  try {
    run(text);
    return true;
  } catch {
    return false;
  }
}

test('the same customer has the same rows, and another one others', () => {
  const read = (tenantId: string) => [...(tables.find(tenantId, 'AlertInfo')?.rows ?? [])];
  expect(read(TENANT)).toEqual(read(TENANT));
  expect(read(TENANT)).not.toEqual(read('ffffffff-0000-4000-8000-000000000002'));
});

test('a condition on time reads no other rows than a look at all of them', () => {
  const condition = 'Timestamp >= datetime(2026-11-01) and Timestamp < datetime(2026-11-03)';
  const narrow = run(`DeviceProcessEvents | where ${condition} | project Timestamp`);
  const all = run('DeviceProcessEvents | project Timestamp');
  expect(narrow.length).toBeGreaterThan(10);
  expect(narrow).toEqual(
    all.filter(([at]) => String(at) >= '2026-11-01' && String(at) < '2026-11-03'),
  );
});
