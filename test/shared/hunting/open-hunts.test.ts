import { expect, test } from 'vitest';
import type { HuntProgress } from '../../../shared/hunting/hunt.ts';
import { findOpenHunts } from '../../../shared/hunting/open-hunts.ts';
import { HOUR, MINUTE } from '../../support/clock.ts';

const NOW = Date.UTC(2026, 10, 27, 8);

function look(ageMs: number, more: Partial<HuntProgress>) {
  const progress: HuntProgress = {
    total: 10,
    started: 10,
    waiting: 0,
    ended: 0,
    lastPart: 0,
    rows: 0,
    columns: [],
    verdicts: {},
    cancelledAt: undefined,
    finishedAt: undefined,
    refusal: undefined,
    ...more,
  };
  const hunt = {
    id: '5d0b9a3e-7c1f-4e0a-9a53-0c8f7a6a2b11',
    callerId: '5d0b9a3e-7c1f-4e0a-9a53-0c8f7a6a2b12',
    clientId: undefined,
    name: 'A',
    savedQuery: undefined,
    boundLines: 0,
    timespan: undefined,
    maxRows: 1000,
    maxTotalRows: 1000,
    createdAt: NOW - ageMs,
  };
  return findOpenHunts([{ hunt, progress }], NOW).map(({ notCovered, isStalled }) => ({
    notCovered,
    isStalled,
  }));
}

test('a hunt that runs is open, with who was not covered so far', () => {
  const verdicts = { complete: 3, throttled: 1 };
  expect(look(HOUR, { ended: 4, verdicts })).toEqual([{ notCovered: 1, isStalled: false }]);
});

test('a hunt of which nobody is asked any more stands, but not in its first minutes', () => {
  const waiting = { ended: 4, waiting: 6, verdicts: { complete: 4 } };
  expect(look(16 * MINUTE, waiting)).toEqual([{ notCovered: 0, isStalled: true }]);
  expect(look(14 * MINUTE, waiting)).toEqual([{ notCovered: 0, isStalled: false }]);
  expect(look(HOUR, { started: 4, ended: 4, verdicts: { complete: 4 } })).toEqual([
    { notCovered: 0, isStalled: true },
  ]);
});

test('a hunt that left customers out is open for a day', () => {
  const ended = { ended: 10, verdicts: { complete: 8, failed: 2 } };
  expect(look(25 * HOUR, { ...ended, finishedAt: NOW - 23 * HOUR })).toEqual([
    { notCovered: 2, isStalled: false },
  ]);
  expect(look(25 * HOUR, { ...ended, finishedAt: NOW - 24 * HOUR })).toEqual([]);
});

test('a hunt that is complete or was cancelled needs nobody', () => {
  const complete = { ended: 10, verdicts: { complete: 10 }, finishedAt: NOW - MINUTE };
  expect(look(HOUR, complete)).toEqual([]);
  const cancelled = { ended: 10, verdicts: { cancelled: 10 }, finishedAt: NOW - MINUTE };
  expect(look(HOUR, { ...cancelled, cancelledAt: NOW - MINUTE })).toEqual([]);
});
