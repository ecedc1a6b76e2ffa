import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { DRILLS } from '../local/drill/drills.ts';

const ROOT = dirname(import.meta.dirname);
const SOURCES = globSync('test/**/*.test.ts', { cwd: ROOT }).map((path) => ({
  path,
  source: readFileSync(join(ROOT, path), 'utf8'),
}));

/** The situations of docs/behaviour.md, as they stand there. */
function readSituations(): readonly string[] {
  const page = readFileSync(join(ROOT, 'docs/behaviour.md'), 'utf8');
  const tables = page.split('\n\n').filter((block) => block.startsWith('| situation '));
  const rows = tables.flatMap((table) => table.trim().split('\n').slice(2));
  return rows.map((row) => row.split(' | ')[0]?.slice(2) ?? '');
}

/** Titles of tests that are a situation, or begin with it and a colon; and drills of it. */
function findProofs(situation: string): readonly string[] {
  const titles = [`'${situation}`, `"${situation}`].flatMap((start) => [
    `${start}: `,
    `${start}${start[0]}`,
  ]);
  const tests = SOURCES.filter(({ source }) => titles.some((title) => source.includes(title)));
  const drills = DRILLS.filter((drill) => drill.situation === situation);
  return [...tests.map(({ path }) => path), ...drills.map(({ name }) => `drill ${name}`)];
}

test('the tables have their rows', () => {
  expect(readSituations().length).toBeGreaterThanOrEqual(80);
});

test.each(readSituations())('a test or a drill of the same name proves: %s', (situation) => {
  expect(findProofs(situation)).not.toEqual([]);
});
