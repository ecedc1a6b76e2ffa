import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runQuery } from '../../../../local/defender/hunting/kql/run-query.ts';
import { createTables, TABLES } from '../../../../local/defender/hunting/tables/tables.ts';
import { isProblem, parseQuery } from '../../../../shared/hunting/kql/parse-query.ts';
import {
  bindParameters,
  type ParameterTypes,
} from '../../../../shared/hunting/query/parameters.ts';
import { findKustoErrors } from '../../../support/kusto.ts';

const FOLDER = 'docs/hunts';
const NOW = Date.UTC(2026, 10, 20, 10);
const VALUES: Readonly<Record<string, unknown>> = {
  least: 2,
  since: '2026-11-01T00:00:00Z',
  account: 'ana.ruiz',
};
const SCHEMAS = Object.fromEntries(
  TABLES.map(({ name, columns }) => [
    name,
    `(${columns.map((one) => `${one.name}: ${one.type}`).join(', ')})`,
  ]),
);
const tables = createTables(NOW);
const files = (await readdir(FOLDER)).filter((name) => name.endsWith('.kql'));
const readHunt = (name: string) => readFile(join(FOLDER, name), 'utf8');

/** What the second line of a hunt says about its parameters. */
function toTypes(text: string): ParameterTypes {
  const [, line = ''] = /^\/\/ parameters: (.*)$/m.exec(text) ?? [];
  const pairs = [...line.matchAll(/(\w+): (\w+)/g)].map(([, name = '', type]) => [name, type]);
  return Object.fromEntries(pairs);
}

function bind(text: string): string {
  const types = toTypes(text);
  const values = Object.fromEntries(Object.keys(types).map((name) => [name, VALUES[name]]));
  return bindParameters(text, types, values);
}

test('there are ten hunts, and the page lists each of them with what it finds', async () => {
  const page = await readFile(join(FOLDER, 'README.md'), 'utf8');
  const rows = [...page.matchAll(/^\| \[([\w-]+)\]\(([\w-]+\.kql)\) \| (.+?) \|/gm)];
  expect(files).toHaveLength(10);
  expect(rows.map(([, , file]) => file).sort()).toEqual(files.sort());
  expect(rows.filter(([, name, file]) => `${name}.kql` !== file)).toEqual([]);
});

test.each(files)('%s: Kusto finds no error, and nothing is refused', async (file) => {
  const text = await readHunt(file);
  expect(text).toMatch(/^\/\/ [A-Z].+\n/);
  const bound = bind(text);
  expect(findKustoErrors(bound, SCHEMAS)).toEqual([]);
  expect(isProblem(parseQuery(bound))).toBe(false);
});

test.each(files)('%s finds something at some customer of the sandbox', async (file) => {
  const text = bind(await readHunt(file));
  const customers = Array.from(
    { length: 40 },
    (_, index) => `${String(index).padStart(8, '0')}-0000-4000-8000-000000000001`,
  );
  const counts = customers.map((tenantId) => {
    const findTable = (name: string) => tables.find(tenantId, name);
    return [...runQuery(text, { now: BigInt(NOW) * 10_000n, findTable }).rows].length;
  });
  expect(Math.max(...counts)).toBeGreaterThan(0);
});
