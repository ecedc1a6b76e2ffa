import { expect, test } from 'vitest';
import { selectSpan } from '../../../../shared/hunting/kql/edit-query.ts';
import {
  isProblem,
  type ParsedQuery,
  parseQuery,
} from '../../../../shared/hunting/kql/parse-query.ts';
import { readByKusto } from '../../../support/kusto.ts';
import { countProcessorTime } from '../../../support/processor-time.ts';
import { expectOf, readCorpus } from './oracle.ts';

const corpus = readCorpus();
const allowed = corpus.filter(({ file }) => file !== 'refused.kql');
const refused = corpus.filter(({ file }) => file === 'refused.kql');

function parse(text: string): ParsedQuery {
  const parsed = parseQuery(text);
  if (isProblem(parsed)) throw new Error(parsed.description);
  return parsed;
}

test('the corpus is large, and KQL', () => {
  expect(corpus.length).toBeGreaterThanOrEqual(310);
  expect(new Set(corpus.map(({ text }) => text)).size).toBe(corpus.length);
  const broken = corpus.filter(({ text }) => readByKusto(text).syntaxErrors.length > 0);
  expect(broken).toEqual([]);
});

test.each(allowed)('Kusto and the guard read alike: $text', ({ text }) => {
  const expected = expectOf(text);
  const parsed = parse(text);
  expect(expected.isRefused).toBe(false);
  expect(parsed.stages).toHaveLength(expected.stages.length);
  expect(parsed.splitSource?.table).toBe(expected.isRowWise ? expected.table : undefined);
});

test.each(refused)('the guard refuses what Kusto says leaves the customer: $text', ({ text }) => {
  expect(expectOf(text).isRefused).toBe(true);
  expect(parseQuery(text)).toMatchObject({ line: expect.any(Number), column: expect.any(Number) });
});

test('both kinds of query are in the corpus', () => {
  const rowWise = allowed.filter(({ text }) => parse(text).splitSource !== undefined);
  expect(rowWise.length).toBeGreaterThan(100);
  expect(allowed.length - rowWise.length).toBeGreaterThan(100);
});

test.each([
  { text: 'DeviceInfo\n| where x == cluster("a").y', at: [2, 14], says: /cluster/ },
  { text: 'DeviceInfo | evaluate http_request("x")', at: [1, 23], says: /plugins/ },
  { text: 'let a = externaldata (x:string) ["y"]; a', at: [1, 9], says: /externaldata/ },
  { text: '\n\n.show tables', at: [3, 1], says: /Control commands/ },
  { text: 'DeviceInfo | where x == "open', at: [1, 25], says: /no end/ },
  { text: 'DeviceInfo | where (x == 1', at: [1, 20], says: /partner/ },
  { text: 'DeviceInfo | where x == 1)', at: [1, 26], says: /partner/ },
  { text: 'DeviceInfo; AlertInfo', at: [1, 13], says: /two results/ },
] as const)('a refusal says where: $text', ({ text, at, says }) => {
  const [line, column] = at;
  const description = expect.stringMatching(says);
  expect(parseQuery(text)).toMatchObject({ line, column, description });
});

test.each(['', '   ', '// nothing', 'let a = 1;', ';'])('nothing is no query: %j', (text) => {
  expect(parseQuery(text)).toMatchObject({ description: 'The query answers no rows.' });
});

test('what is larger than 1 MB is refused, and what is not is read quickly', () => {
  const list = (bytes: number) => `T | where x in ("${'a'.repeat(bytes - 19)}")`;
  const getProcessorMs = countProcessorTime();
  expect(isProblem(parseQuery(list(1_000_000)))).toBe(false);
  expect(getProcessorMs()).toBeLessThan(2000);
  expect(parseQuery(list(1_000_001))).toMatchObject({
    description: 'The query is larger than 1 MB.',
  });
});

test.each([
  'T | where x == "cluster(1)" // cluster("y")',
  'T | project cluster, workspace = 1',
  'T | where adx == 1',
  'T | where x == `',
] as const)('a name alone is no call: %s', (text) => {
  const parsed = parseQuery(text);
  expect(isProblem(parsed) ? parsed.description : '').not.toMatch(/outside of the customer/);
});

test.each([
  ['hints without an end', `T | ${'evaluate hint '.repeat(70_000)}=`],
  ['clocks', `T | where a in (${'ago(1s),'.repeat(100_000)}1)`],
  ['clocks within clocks', `T | where a == ${'ago('.repeat(100_000)}1s${')'.repeat(100_000)}`],
])('a query of 1 MB is read and cut in one pass: %s', (_, text) => {
  const parsed = parseQuery(text);
  if (isProblem(parsed)) return expect(parsed.description).toMatch(/plugins/);
  if (!parsed.splitSource) throw new Error('It can be split.');
  const request = { span: { from: 0, to: 1 }, column: 'Timestamp', now: 0 };
  expect(selectSpan({ ...parsed, splitSource: parsed.splitSource }, request)).toContain('1970');
});
