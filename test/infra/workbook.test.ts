import { expect, test } from 'vitest';
import { COUNTERS, GAUGES } from '../../shared/telemetry/metrics.ts';
import { findPaths, readJson, readText } from './project.ts';
import { moduleAt } from './template.ts';

const paths = await findPaths('{functions,shared}/**/*.ts');
const source = (await Promise.all(paths.map(readText))).join('\n');
const workbook: { items: { content: { title?: string; query?: string } }[] } =
  await readJson('infra/workbook.json');
const alerts = moduleAt('alerts').variables.rules as { name: string; query: string }[];
const parts = workbook.items.flatMap(({ content: { title = '', query } }) =>
  query === undefined ? [] : [{ name: title, query }],
);
const queries = [...parts, ...alerts];

const METRICS = new Map<string, readonly string[]>(Object.entries({ ...COUNTERS, ...GAUGES }));

/**
 * What every line carries, and what the lines that end invocations may carry beside their own
 * fields.
 */
const EVERYWHERE = ['event', 'correlation_id', 'trace_id'];

function findAll(text: string, pattern: RegExp): readonly string[] {
  return [...text.matchAll(pattern)].map(([, found = '']) => found);
}

/** The names of fields that the code writes anywhere: keys of objects, in any spelling. */
const keys = new Set(findAll(source, /\b(?<!\.)([a-z_]+)(?=[:,]| })/g));

test('the workbook has a part for everything that operators watch', () => {
  expect(parts.map(({ name }) => name)).toEqual([
    'Brokered tokens by source',
    'Brokered tokens by outcome',
    'Latency of token requests, ms',
    'Slow ones by source, ms',
    'Refreshed keys by outcome',
    'Refresh runs',
    'Failures by who has to act',
    'Failures by customer',
    'Runs that failed',
    'Customers that changed their status',
    'Days until the client credential ends',
    'Oldest incident data, seconds',
    "Use of Microsoft's quota by the busiest customer",
    'Poison messages',
  ]);
});

test.each(queries)('"$name" asks for events that the code logs', ({ query }) => {
  const logged = findAll(source, /\.(?:info|warn|error)\(\s*'([\w.]+)'/g);
  const asked = findAll(query, /["']([a-z]+\.[a-z_]+)["']/g);
  expect(asked.filter((name) => !logged.includes(name) && !METRICS.has(name))).toEqual([]);
});

test.each(queries)('"$name" asks for fields that the code writes', ({ query }) => {
  const asked = findAll(query, /\bline(?:\.|\[')([a-z_]+)/g);
  const known = [...keys, ...EVERYWHERE];
  expect(asked.filter((name) => !known.includes(name))).toEqual([]);
});

test.each(parts)('"$name" splits metrics by what they are split by', ({ query }) => {
  const [metric = ''] = findAll(query, /series\.name == '([\w.]+)'/g);
  const asked = findAll(query, /\bseries(?:\.(?!name\b|value\b)|\[')([a-z_]+)/g);
  expect(asked.filter((name) => !METRICS.get(metric)?.includes(name))).toEqual([]);
  expect(query.includes('series.')).toBe(METRICS.has(metric));
});

test('no metric is split by who it is about', () => {
  const splits = [...METRICS.values()].flat();
  expect(splits.filter((name) => /tenant|caller|id$/.test(name))).toEqual([]);
});

test('the workbook is a notebook over the workspace that Bicep puts in', async () => {
  expect(workbook).toMatchObject({
    version: 'Notebook/1.0',
    fallbackResourceIds: ['__WORKSPACE_ID__'],
  });
  const bicep = await readText('infra/modules/monitoring.bicep');
  expect(bicep).toContain(
    "replace(loadTextContent('../workbook.json'), '__WORKSPACE_ID__', workspace.id)",
  );
});

test('what alerts and the workbook live on is not sampled away', async () => {
  const { logging } = await readJson('host.json');
  expect(logging.applicationInsights.samplingSettings.excludedTypes.split(';')).toEqual([
    'Request',
    'Exception',
    'Trace',
  ]);
  expect(logging.logLevel['Function.issueToken.User']).toBe('Information');
});

test('the architecture lists every event and every metric', async () => {
  const text = await readText('docs/architecture/logs.md');
  const part = text.slice(0, text.indexOf('**Traces.**'));
  const listed = part.split('\n').flatMap((row) => findAll(row.split('|')[1] ?? '', /`([\w.]+)`/g));
  const logged = findAll(source, /\.(?:info|warn|error)\(\s*'([\w.]+)'/g);
  const expected = new Set([...logged, ...METRICS.keys()]);
  expect(listed.toSorted()).toEqual([...expected].toSorted());
});
