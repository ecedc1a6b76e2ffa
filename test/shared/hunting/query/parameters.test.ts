import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runQuery } from '../../../../local/defender/hunting/kql/run-query.ts';
import { formatDatetime, formatTimespan } from '../../../../local/defender/hunting/kql/value.ts';
import { isProblem, parseQuery } from '../../../../shared/hunting/kql/parse-query.ts';
import { bindParameters } from '../../../../shared/hunting/query/parameters.ts';
import { listNodes, readByKusto } from '../../../support/kusto.ts';
import { runs } from '../../../support/runs.ts';

/** What the stand-in makes of a parameter. */
function readBack(type: 'string' | 'long' | 'datetime' | 'timespan' | 'dynamic', value: unknown) {
  const text = bindParameters('print x = p', { p: type }, { p: value });
  const { rows } = runQuery(text, { findTable: () => undefined, now: 0n });
  return [...rows][0]?.[0];
}

test('values are bound in front of the query, and never pasted into it', () => {
  const query = 'T | where a == account and b > least';
  const text = bindParameters(
    query,
    { account: 'string', least: 'long' },
    { account: `x" or true | take 1 // ' \\ ;`, least: 5 },
  );
  expect(text).toBe(
    `let account = "x\\" or true | take 1 // ' \\\\ ;";\nlet least = long(5);\n${query}`,
  );
});

test('whatever a text holds, Kusto reads one literal and the same query', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 30 }), (value) => {
      const text = bindParameters('T | where a == p', { p: 'string' }, { p: value });
      const { root, syntaxErrors } = readByKusto(text);
      const nodes = listNodes(root);
      expect(syntaxErrors).toEqual([]);
      expect(nodes.filter(({ kind }) => kind === 'StringLiteralExpression')).toHaveLength(1);
      expect(nodes.filter(({ kind }) => kind === 'FilterOperator')).toHaveLength(1);
      expect(isProblem(parseQuery(text))).toBe(false);
      expect(readBack('string', value)).toBe(value);
    }),
    { numRuns: runs(67) },
  );
});

test('whatever JSON a dynamic value is, it comes back', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 3 }), (json) => {
      const value = JSON.parse(json);
      const text = bindParameters('print p', { p: 'dynamic' }, { p: value });
      expect(readByKusto(text).syntaxErrors).toEqual([]);
      expect(isProblem(parseQuery(text))).toBe(false);
    }),
    { numRuns: runs(34) },
  );
});

test.each([
  [5, 5],
  ['-9223372036854775808', -9223372036854775808n],
  ['9007199254740993', 9007199254740993n],
] as const)('a long: %s', (value, expected) => {
  expect(readBack('long', value)).toBe(expected);
});

test.each([
  ['2026-11-21', '2026-11-21T00:00:00Z'],
  ['2026-11-21T09:00', '2026-11-21T09:00:00Z'],
  ['2026-11-21T09:00:00.1234567Z', '2026-11-21T09:00:00.1234567Z'],
  ['2026-11-21T09:00:00.5+02:00', '2026-11-21T07:00:00.5Z'],
] as const)('a datetime: %s', (value, expected) => {
  expect(formatDatetime(readBack('datetime', value) as bigint)).toBe(expected);
});

test.each([
  ['1d', '1.00:00:00'],
  ['90m', '01:30:00'],
  ['PT36H', '1.12:00:00'],
  ['P1DT2H3M4.5S', '1.02:03:04.5000000'],
  ['-1.02:03:04', '-1.02:03:04'],
] as const)('a timespan: %s', (value, expected) => {
  expect(formatTimespan(readBack('timespan', value) as bigint)).toBe(expected);
});

test.each([
  ['string', 5],
  ['string', null],
  ['string', ['a']],
  ['long', 1.5],
  ['long', 'five'],
  ['long', '9223372036854775808'],
  ['long', Number.MAX_VALUE],
  ['long', true],
  ['datetime', 'yesterday'],
  ['datetime', '2026-02-30'],
  ['datetime', '2026-11-21) | take 1 //'],
  ['datetime', 1_700_000_000],
  ['timespan', '1 day'],
  ['timespan', 'P1M'],
  ['timespan', '1d) ; T'],
  ['timespan', 60],
] as const)('a %s is not %j', (type, value) => {
  expect(() => bindParameters('print p', { p: type }, { p: value })).toThrow(`is no ${type}`);
});

test('a value that is too deep is none', () => {
  const deep = JSON.parse(`${'['.repeat(60)}${']'.repeat(60)}`);
  expect(() => bindParameters('print p', { p: 'dynamic' }, { p: deep })).toThrow('is no dynamic');
});

test('each declared parameter is needed, and no other is taken', () => {
  expect(() => bindParameters('print p', { p: 'string' }, {})).toThrow('parameters.p is missing');
  expect(() => bindParameters('print 1', {}, { q: 'x' })).toThrow('is not one of the query');
  expect(() => bindParameters('print 1', {}, { 'a; T': 'x' })).toThrow('that was sent');
});
