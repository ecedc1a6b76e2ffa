import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { shift, toInstant } from '../../../../shared/incidents/instant.ts';
import {
  chooseFallback,
  TRANSITIONS,
  takeUpAgain,
} from '../../../../shared/incidents/walk/transitions.ts';
import type { ProbingWalk } from '../../../../shared/incidents/walk/walk.ts';

const NOW = Date.UTC(2026, 10, 21, 9);
const FROM = toInstant(NOW - 60_000);
const SUSPECT = shift(FROM, -1);

/** A walk behind an instant that could not be read, past a too large incident. */
const PROBING: ProbingWalk = {
  state: 'probing',
  kind: 'changes',
  source: 'graph',
  startedAt: NOW,
  begin: SUSPECT,
  from: FROM,
  to: shift(FROM, 1000),
  skip: 1,
  top: 1,
  missingTargets: [],
  tooLarge: 1,
  suspect: SUSPECT,
};

test('the table of the specification is the table of the code', async () => {
  const text = await readFile('docs/architecture/incidents.md', 'utf8');
  const events = ['pageRead', 'tooLarge', 'refused', 'failed', 'failedThrice'] as const;
  const rows = Object.entries(TRANSITIONS).map(([state, of]) =>
    [state, ...events.map((event) => of[event].name)].map((name) => `\`${name}\``).join(' | '),
  );
  const documented = text.split('\n');
  expect(rows.filter((row) => !documented.includes(`| ${row} |`))).toEqual([]);
});

test('a suspected instant stays suspected when the window behind it is halved', () => {
  const { step, skipped } = chooseFallback(PROBING, { problem: 'refused' });
  expect(step).toEqual({
    next: { ...PROBING, to: shift(FROM, 500), skip: 0, tooLarge: 0 },
  });
  expect(skipped).toEqual([]);
});

test('a suspected instant stays suspected when the instant behind it is stepped over', () => {
  const walk = { ...PROBING, to: shift(FROM, 1) };
  const { step, skipped } = chooseFallback(walk, { problem: 'refused' });
  expect(step).toMatchObject({ next: { state: 'probing', suspect: SUSPECT, from: walk.to } });
  expect(skipped).toMatchObject([{ reason: 'unreachable', updated: FROM }]);
});

test('a walk that ends behind a suspected instant gives it up by name', () => {
  const walk = { ...PROBING, from: toInstant(NOW - 1), to: toInstant(NOW) };
  const { step, skipped } = chooseFallback(walk, { problem: 'refused' });
  expect(step).toEqual({ done: true });
  expect(skipped.map(({ updated }) => updated)).toEqual([SUSPECT, walk.from]);
});

test('a window behind a suspected instant that fails leads back to the instant', () => {
  expect(takeUpAgain(PROBING, false)).toMatchObject({
    state: 'unordered',
    from: SUSPECT,
    to: FROM,
  });
});
