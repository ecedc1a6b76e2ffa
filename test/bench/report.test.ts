import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { compareDocument, type Run, writeDocument } from '../../bench/report/document.ts';
import { conclude } from '../../bench/report/finished.ts';
import type { Row } from '../../bench/report/row.ts';
import { SECTIONS } from '../../bench/report/sections.ts';

const HELD: Row = {
  what: 'sweep of 1,000 tenants | all due',
  measured: { value: 12, unit: 's' },
  against: { name: 'its tables', value: 10, unit: 's' },
  ratio: 1.2,
  bar: { of: 'ratio', is: 'at most', limit: 1.2 },
};

const SHORT: Row = {
  ...HELD,
  what: 'cached token',
  ratio: 1.3,
  limit: 'The disk is slow: the floor took as long.',
};

function toRun(...rows: readonly Row[]): Run {
  return {
    startedAt: new Date('2026-11-27T12:00:00Z'),
    machine: { cpu: 'A processor', cores: 2, memoryGb: 8, node: 'v24', platform: 'linux x64' },
    flags: ['--quick'],
    finished: [{ name: 'refresh', seconds: 3, result: { rows, notes: ['In turns.'] } }],
  };
}

test('a run becomes the tables of the document, below its prose', () => {
  const document = writeDocument('# How fast\n\nProse.\n', toRun(HELD, SHORT));

  expect(document).toContain('# How fast\n\nProse.\n');
  expect(document).toContain('`npm run bench -- --quick --only refresh` on 2026-11-27: A proc');
  expect(document).toContain(
    '| sweep of 1,000 tenants \\| all due | 12 s | its tables: 10 s | 1.20× | ≤ 1.20× | yes |',
  );
  expect(document).toContain('*cached token*: The disk is slow: the floor took as long.');
});

test('a section replaces its own table and no other', () => {
  const [section] = toRun(HELD).finished;
  const other = { ...section, name: 'cold', seconds: 1 } as const;
  const former = writeDocument('# How fast\n', { ...toRun(HELD), finished: [other] });

  const document = writeDocument(writeDocument(former, toRun(HELD)), toRun(SHORT));

  expect(document.match(/^## .+$/gm)).toEqual([
    '## Cold requests of four processes',
    '## Refresh sweep',
  ]);
  expect(document.match(/sweep of/g)).toHaveLength(1);
});

test('rows of the document that no section makes are named, whatever their sizes', () => {
  const document = writeDocument('# How fast\n', toRun(HELD, SHORT));
  const smaller = { ...HELD, what: 'sweep of 10 tenants | all due' };

  expect(compareDocument(document, [smaller])).toEqual({
    handMade: ['cached token'],
    missing: [],
  });
  expect(compareDocument(document, [HELD, SHORT, { ...HELD, what: 'new' }])).toEqual({
    handMade: [],
    missing: ['new'],
  });
});

test('rows that fall short of their bar are named with it', () => {
  const { lines, isShort, isBroken } = conclude(toRun(HELD, SHORT).finished);

  expect({ lines, isShort, isBroken }).toEqual({
    lines: ['1 of 2 bars do not hold:', '  cached token: 1.30× instead of ≤ 1.20×'],
    isShort: true,
    isBroken: false,
  });
});

test('a section that broke down is named', () => {
  const finished = [{ name: 'cold', seconds: 1, error: 'It ended with code 1.' }] as const;

  expect(conclude(finished)).toMatchObject({ isBroken: true });
});

test('the document has no section but those that are run', async () => {
  const document = await readFile('docs/performance.md', 'utf8');

  const headings = document.match(/^## .+$/gm) ?? [];
  const titles = Object.values(SECTIONS).map((title) => `## ${title}`);
  expect(headings).toEqual(titles.filter((title) => headings.some((heading) => heading === title)));
});
