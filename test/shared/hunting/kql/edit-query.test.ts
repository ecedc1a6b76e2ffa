import { expect, test } from 'vitest';
import {
  countByTime,
  limitRows,
  type SplittableQuery,
  selectSpan,
} from '../../../../shared/hunting/kql/edit-query.ts';
import {
  isProblem,
  type ParsedQuery,
  parseQuery,
} from '../../../../shared/hunting/kql/parse-query.ts';
import { readByKusto } from '../../../support/kusto.ts';
import { expectOf, readCorpus } from './oracle.ts';

const FROM = Date.UTC(2026, 10, 20, 9);
const request = {
  span: { from: FROM, to: FROM + 60_000 },
  column: 'Timestamp',
  now: Date.UTC(2026, 10, 21, 10),
} as const;

function parse(text: string): ParsedQuery {
  const parsed = parseQuery(text);
  if (isProblem(parsed)) throw new Error(parsed.description);
  return parsed;
}

function parseSplittable(text: string): SplittableQuery {
  const parsed = parse(text);
  if (!parsed.splitSource) throw new Error('It can not be split.');
  return { ...parsed, splitSource: parsed.splitSource };
}

const allowed = readCorpus().filter(({ file }) => file !== 'refused.kql');
const splittable = allowed.filter(({ text }) => parse(text).splitSource !== undefined);

test('every query can be limited, and Kusto reads one stage more', () => {
  const limited = allowed.map(({ text }) => ({ text, edited: limitRows(parse(text), 7) }));
  const broken = limited.filter(({ text, edited }) => {
    const stages = expectOf(text).stages.filter((kind) => kind !== 'RenderOperator');
    const { syntaxErrors } = readByKusto(edited);
    const kinds = expectOf(edited).stages.filter((kind) => kind !== 'RenderOperator');
    return syntaxErrors.length > 0 || kinds.length !== stages.length + 1;
  });
  expect(broken).toEqual([]);
});

test('every row-wise query can be asked for a span', () => {
  const edited = splittable.map(({ text }) => selectSpan(parseSplittable(text), request));
  expect(edited.filter((text) => readByKusto(text).syntaxErrors.length > 0)).toEqual([]);
  const filtered = edited.map((text) => expectOf(text).stages[0]);
  expect(new Set(filtered)).toEqual(new Set(['FilterOperator']));
  expect(edited.every((text) => parse(text).splitSource !== undefined)).toBe(true);
});

test('every row-wise query can be counted', () => {
  const edited = splittable.map(({ text }) => countByTime(parseSplittable(text), request, 5000));
  expect(edited.filter((text) => readByKusto(text).syntaxErrors.length > 0)).toEqual([]);
  expect(edited.map((text) => expectOf(text).stages.at(-1))).toEqual(
    edited.map(() => 'SummarizeOperator'),
  );
});

test('a span is a condition right after the table', () => {
  const query = parseSplittable('let x = 1;\nDeviceInfo // all of them\n| where a == x;');
  expect(selectSpan(query, request)).toBe(
    [
      'let x = 1;\nDeviceInfo',
      '| where Timestamp >= datetime(2026-11-20T09:00:00.000Z) and Timestamp < datetime(2026-11-20T09:01:00.000Z) // all of them',
      '| where a == x;',
    ].join('\n'),
  );
});

test.each([
  ['T | where a > ago(1d)', '(datetime(2026-11-21T10:00:00.000Z)-(1d))'],
  ['T | where a > now()', 'datetime(2026-11-21T10:00:00.000Z)'],
  ['T | where a > now(-1h)', '(datetime(2026-11-21T10:00:00.000Z)+(-1h))'],
  ['T | where a > ago(2 * (1d + 2h))', '(datetime(2026-11-21T10:00:00.000Z)-(2 * (1d + 2h)))'],
] as const)('parts of a query have one clock: %s', (text, clock) => {
  const edited = selectSpan(parseSplittable(text), request);
  expect(edited.endsWith(`| where a > ${clock}`)).toBe(true);
});

test('a clock in a let, in a string and as a column', () => {
  const query = parseSplittable(
    'let t = ago(1d); T | where a > t and ago == "ago(1d)" and now == 1',
  );
  const edited = selectSpan(query, request);
  expect(edited.startsWith('let t = (datetime(2026-11-21T10:00:00.000Z)-(1d)); T')).toBe(true);
  expect(edited.endsWith('| where a > t and ago == "ago(1d)" and now == 1')).toBe(true);
});

test('a count leaves out what may drop the time', () => {
  const query = parseSplittable('T | where a == 1 | project b | where b == 2');
  expect(countByTime(query, request, 5000)).toBe(
    [
      'T',
      '| where Timestamp >= datetime(2026-11-20T09:00:00.000Z) and Timestamp < datetime(2026-11-20T09:01:00.000Z) | where a == 1',
      '| summarize HuntRows = count() by HuntBin = bin(Timestamp, 5000ms)',
    ].join('\n'),
  );
});

test.each([
  ['T | where a == 1 // end', 'T | where a == 1\n| take 5 // end'],
  [
    'T | summarize count() by a | render piechart',
    'T | summarize count() by a\n| take 5 | render piechart',
  ],
  ['T;', 'T\n| take 5;'],
] as const)('a limit goes after the last stage: %s', (text, expected) => {
  expect(limitRows(parse(text), 5)).toBe(expected);
});
