import { expect, test } from 'vitest';
import { findKqlProblems } from './kusto.ts';
import { readJson, readText } from './project.ts';
import { moduleAt } from './template.ts';

const workbook: { items: { content: { title?: string; query?: string } }[] } =
  await readJson('infra/workbook.json');
const parts = workbook.items.flatMap(({ content: { title = '', query } }) =>
  query === undefined ? [] : [[title, query] as const],
);
const rules = moduleAt('alerts').variables.rules as { name: string; query: string }[];
const alerts = rules.map(({ name, query }) => [name, query] as const);
const runbook = findDocumentQueries(await readText('docs/runbook.md'));
const deploy = findDocumentQueries(await readText('docs/deploy.md'));

/**
 * Queries of a document, by their beginnings: blocks, and code in a line that begins with a table.
 */
function findDocumentQueries(text: string): readonly (readonly [string, string])[] {
  const blocks = [...text.matchAll(/^```kusto\n(.*?)^```/gms)].map(([, query = '']) => query);
  const inline = [...text.matchAll(/`([A-Z_]\w+ \| [^`]*)`/g)].map(([, query = '']) => query);
  return [...blocks, ...inline].map((query) => [query.slice(0, 90).trim(), query] as const);
}

test.each([...parts, ...alerts])('"%s" is valid KQL', (_, query) => {
  expect(findKqlProblems(query)).toEqual([]);
});

test.each([...runbook, ...deploy])('a document\'s "%s" is valid KQL', (_, query) => {
  expect(findKqlProblems(query)).toEqual([]);
});

test('documents have queries that are looked at', () => {
  expect(runbook.length).toBeGreaterThan(10);
});

test.each([
  ['a misspelt operator', 'AppTraces | sumarize count()'],
  ['a misspelt column', 'AppTraces | where Mesage == ""'],
  ['a misspelt table', 'AppTrace | count'],
  ['a misspelt function', 'AppTraces | extend line = parse_jsn(Message)'],
  ['a keyword as a name', 'AppTraces | summarize last = max(TimeGenerated)'],
  ['a text compared with a number', 'AppRequests | where ResultCode >= 500'],
])('%s is seen', (_, query) => {
  expect(findKqlProblems(query)).not.toEqual([]);
});
