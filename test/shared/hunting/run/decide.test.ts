import { expect, test } from 'vitest';
import type { HuntRun } from '../../../../shared/hunting/hunt.ts';
import type { ApiProblem } from '../../../../shared/hunting/hunting-api.ts';
import { isProblem, parseQuery } from '../../../../shared/hunting/kql/parse-query.ts';
import { type AskOutcome, decideAfter } from '../../../../shared/hunting/run/decide.ts';
import {
  decideWhenThrottled,
  decideWithoutToken,
} from '../../../../shared/hunting/run/decide-before.ts';
import { type Plan, type PlanContext, toStepQuery } from '../../../../shared/hunting/run/plan.ts';
import { createRun } from './hunt-values.ts';

const NOW = Date.UTC(2026, 10, 21, 9);
const DAY = 24 * 60 * 60_000;
const SPLITTABLE = 'DeviceInfo | where DeviceName == "a"';
const AGGREGATE = 'DeviceInfo | summarize count() by DeviceName';
const refusal = { sentence: 'No.', line: 1, column: 2 };

function toContext(text: string, maxRows = 1_000_000): PlanContext {
  const query = parseQuery(text);
  if (isProblem(query)) throw new Error(query.description);
  return { query, span: { from: NOW - 30 * DAY, to: NOW }, isOpen: true, now: NOW, maxRows };
}

function toRows(rows: number, more: { isCut?: boolean; bytes?: number } = {}): AskOutcome {
  return {
    kind: 'rows',
    rows,
    bytes: more.bytes ?? rows * 100,
    columns: [],
    isCut: more.isCut ?? false,
  };
}

function decide(run: Partial<HuntRun>, text: string, outcome: AskOutcome | ApiProblem['kind']) {
  const whole =
    typeof outcome === 'string'
      ? ({ kind: 'problem', problem: { kind: outcome } as ApiProblem } as const)
      : outcome;
  return decideAfter({ ...createRun(), ...run }, toContext(text), whole);
}

const spans: Plan = {
  kind: 'spans',
  column: 'Timestamp',
  target: 40_000,
  spans: [
    { from: 0, to: 1000, rows: 40_000 },
    { from: 1000, to: 2000, rows: 40_000 },
  ],
};

test('fewer rows than Microsoft answers at most are all', () => {
  expect(decide({}, SPLITTABLE, toRows(99_999))).toMatchObject({
    kind: 'end',
    keepsRows: true,
    run: { rows: 99_999, problem: undefined },
  });
});

test('100,000 rows may be a part: a query that can be split is counted, and its rows are not kept', () => {
  expect(decide({}, SPLITTABLE, toRows(100_000))).toMatchObject({
    kind: 'go_on',
    keepsRows: false,
    run: { rows: 0, plan: { kind: 'count', column: 'Timestamp' } },
  });
});

test('100,000 rows of a query that can not be split are kept, and called truncated', () => {
  expect(decide({}, AGGREGATE, toRows(100_000))).toMatchObject({
    kind: 'end',
    keepsRows: true,
    run: { rows: 100_000, problem: 'row_limit' },
  });
});

test('more than max_rows ends it', () => {
  expect(decide({}, SPLITTABLE, toRows(500, { isCut: true }))).toMatchObject({
    kind: 'end',
    run: { rows: 500, problem: 'max_rows' },
  });
});

test('a count becomes spans', () => {
  const bins = [{ at: NOW - DAY, rows: 100_000 }];
  const decision = decide({ plan: { kind: 'count', column: 'Timestamp' } }, SPLITTABLE, {
    kind: 'bins',
    bins,
  });
  expect(decision).toMatchObject({
    kind: 'go_on',
    run: { plan: { kind: 'spans', target: 40_000 } },
  });
});

test('a table of Sentinel has another column of time; one with neither is taken as far as it fits', () => {
  const missing = (column: 'Timestamp' | 'TimeGenerated') =>
    decide({ plan: { kind: 'count', column } }, SPLITTABLE, {
      kind: 'problem',
      problem: { kind: 'missing_column', missing: column, refusal },
    });
  expect(missing('Timestamp')).toMatchObject({
    run: { plan: { kind: 'count', column: 'TimeGenerated' } },
  });
  expect(missing('TimeGenerated')).toMatchObject({
    run: { plan: { kind: 'limited', take: 40_000 } },
  });
});

test('a count that is too much itself gives eight parts', () => {
  const decision = decide(
    { plan: { kind: 'count', column: 'Timestamp' } },
    SPLITTABLE,
    'too_large',
  );
  expect(decision).toMatchObject({ run: { plan: { kind: 'spans', spans: { length: 8 } } } });
});

test('a span after the other, and then it is complete', () => {
  const first = decide({ plan: spans }, SPLITTABLE, toRows(40_000));
  expect(first).toMatchObject({ kind: 'go_on', keepsRows: true, run: { rows: 40_000 } });
  const last = decide({ ...first.run }, SPLITTABLE, toRows(10));
  expect(last).toMatchObject({ kind: 'end', run: { rows: 40_010, problem: undefined } });
});

test('the stride that worked is remembered: wide rows make the spans that are left smaller', () => {
  const decision = decide({ plan: spans }, SPLITTABLE, toRows(40_000, { bytes: 80_000_000 }));
  expect(decision.run.plan).toMatchObject({
    target: 20_000,
    spans: [
      { from: 1000, to: 1500, rows: 20_000 },
      { from: 1500, to: 2000, rows: 20_000 },
    ],
  });
});

test('a span that is too large is cut, and so are those after it', () => {
  const decision = decide({ plan: spans }, SPLITTABLE, 'too_large');
  expect(decision).toMatchObject({ kind: 'go_on', keepsRows: false });
  expect(decision.run.plan).toMatchObject({ target: 20_000, spans: { length: 4 } });
});

test('a millisecond that is too large gives what fits, and is called truncated', () => {
  const tiny: Plan = {
    ...spans,
    spans: [
      { from: 0, to: 1, rows: 90_000 },
      { from: 1, to: 2, rows: 5 },
    ],
  };
  const less = decide({ plan: tiny }, SPLITTABLE, 'too_large');
  expect(less.run.plan).toMatchObject({ spans: [{ take: 25_000 }, { rows: 5 }] });
  const stored = decide({ ...less.run }, SPLITTABLE, toRows(25_000));
  expect(stored).toMatchObject({ kind: 'go_on', run: { problem: 'result_too_large' } });
});

test('too large for a query that can not be split: ever fewer rows, until they fit', () => {
  const first = decide({}, AGGREGATE, 'too_large');
  expect(first.run.plan).toEqual({ kind: 'limited', take: 40_000 });
  const second = decide({ ...first.run }, AGGREGATE, 'too_large');
  expect(second.run.plan).toEqual({ kind: 'limited', take: 10_000 });
  expect(decide({ ...second.run }, AGGREGATE, toRows(10_000))).toMatchObject({
    kind: 'end',
    run: { rows: 10_000, problem: 'result_too_large' },
  });
  const none = decide({ plan: { kind: 'limited', take: 1 } }, AGGREGATE, 'too_large');
  expect(none).toMatchObject({ kind: 'end', run: { rows: 0, problem: 'result_too_large' } });
});

test('fewer rows than were taken are all rows', () => {
  const decision = decide({ plan: { kind: 'limited', take: 10_000 } }, AGGREGATE, toRows(9999));
  expect(decision).toMatchObject({ kind: 'end', run: { problem: undefined } });
});

test.each(['preempted', 'timed_out'] as const)('%s once is tried again, twice is split', (kind) => {
  const once = decide({}, SPLITTABLE, kind);
  expect(once).toMatchObject({ kind: 'wait', delayMs: 5000, run: { failures: 1 } });
  const twice = decide({ ...once.run }, SPLITTABLE, kind);
  expect(twice).toMatchObject({ kind: 'go_on', run: { failures: 0, plan: { kind: 'count' } } });
  const aggregate = decide({ failures: 1 }, AGGREGATE, kind);
  expect(aggregate).toMatchObject({ kind: 'end', run: { problem: 'too_heavy' } });
});

test.each(['unavailable', 'malformed'] as const)('%s is tried six times, ever later', (kind) => {
  const delays: number[] = [];
  let decision = decide({}, SPLITTABLE, kind);
  for (; decision.kind === 'wait'; decision = decide({ ...decision.run }, SPLITTABLE, kind)) {
    delays.push(decision.delayMs);
  }
  expect(delays).toEqual([5000, 15_000, 45_000, 120_000, 300_000]);
  expect(decision).toMatchObject({ kind: 'end', run: { problem: kind } });
});

test('rows in between forget the failures', () => {
  const decision = decide({ plan: spans, failures: 5, throttledSince: NOW }, SPLITTABLE, toRows(1));
  expect(decision.run).toMatchObject({ failures: 0, throttledSince: undefined });
});

test.each([
  ['too_long', 'query_too_long'],
  ['forbidden', 'licence_missing'],
] as const)('%s ends it', (kind, problem) => {
  expect(decide({}, SPLITTABLE, kind)).toMatchObject({ kind: 'end', run: { problem } });
});

test('a token that is not accepted is tried three times', () => {
  expect(decide({ failures: 1 }, SPLITTABLE, 'unauthorized')).toMatchObject({ kind: 'wait' });
  expect(decide({ failures: 2 }, SPLITTABLE, 'unauthorized')).toMatchObject({
    kind: 'end',
    run: { problem: 'unauthorized' },
  });
});

test.each([
  [{ kind: 'refused', isSyntax: true, refusal }, 'query_refused', true],
  [{ kind: 'refused', isSyntax: false, refusal }, 'query_refused', false],
  [{ kind: 'missing_column', missing: 'X', refusal }, 'query_refused', false],
  [{ kind: 'missing_table', missing: 'EmailEvents', refusal }, 'table_missing', false],
  [{ kind: 'missing_table', missing: 'EmailEvent', refusal }, 'unknown_table', false],
] as const)('a query that is refused: %o', (problem, name, isEverywhere) => {
  expect(decide({}, SPLITTABLE, { kind: 'problem', problem })).toMatchObject({
    kind: 'end',
    isEverywhere,
    run: { problem: name, refusal },
  });
});

test('throttling waits, for an hour at most', () => {
  const run = createRun();
  const first = decideWhenThrottled(run, { until: NOW + 60_000, reason: 'calls' }, NOW);
  expect(first).toMatchObject({ kind: 'wait', delayMs: 60_000, run: { throttledSince: NOW } });
  const later = NOW + 50 * 60_000;
  const last = decideWhenThrottled(first.run, { until: later + 15 * 60_000, reason: 'cpu' }, later);
  expect(last).toMatchObject({ kind: 'end', run: { problem: 'cpu_exhausted' } });
});

test('without a token nobody is asked', () => {
  const run = createRun();
  expect(decideWithoutToken(run, { problem: 'role_missing' })).toMatchObject({
    kind: 'end',
    run: { problem: 'role_missing' },
  });
  expect(decideWithoutToken(run, { retryAfterMs: 60_000 })).toMatchObject({
    kind: 'wait',
    delayMs: 60_000,
  });
  const spent = { ...run, failures: 5 };
  expect(decideWithoutToken(spent, { retryAfterMs: 0 })).toMatchObject({
    kind: 'end',
    run: { problem: 'no_token' },
  });
});

test('max_rows that is small asks for one row more than that', () => {
  expect(toStepQuery({ kind: 'whole' }, toContext('T', 10))).toBe('T\n| take 11');
  expect(toStepQuery({ kind: 'whole' }, toContext('T'))).toBe('T');
});
