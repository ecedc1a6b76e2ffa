import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  cutSpan,
  type PlannedSpan,
  planBlindly,
  planSpans,
  replanSpans,
  toBinMs,
  toTarget,
} from '../../../../shared/hunting/run/spans.ts';

const DAY = 24 * 60 * 60_000;
const whole = { from: 1_000_000, to: 1_000_000 + 30 * DAY };

/** Spans that follow each other without a gap and without an overlap, over exactly this time. */
function expectSeamless(spans: readonly PlannedSpan[], { from, to } = whole) {
  expect(spans[0]?.from).toBe(from);
  expect(spans.at(-1)?.to).toBe(to);
  expect(spans.slice(1).map((span) => span.from)).toEqual(
    spans.slice(0, -1).map((span) => span.to),
  );
  expect(spans.filter((span) => span.from >= span.to)).toEqual([]);
}

const bin = fc.record({
  at: fc.integer({ min: whole.from - DAY, max: whole.to + DAY }),
  rows: fc.integer({ min: 0, max: 300_000 }),
});
const bins = fc.uniqueArray(bin, { selector: ({ at }) => at, maxLength: 60 });

test('whatever was counted, the spans cover the time without a gap', () => {
  fc.assert(
    fc.property(bins, fc.integer({ min: 5000, max: 90_000 }), (counted, target) => {
      expectSeamless(planSpans(whole, counted, target));
    }),
  );
});

test('no span is planned for more rows than wanted, unless it can not be cut', () => {
  fc.assert(
    fc.property(bins, fc.integer({ min: 5000, max: 90_000 }), (counted, target) => {
      const spans = planSpans(whole, counted, target);
      const large = spans.filter(({ rows = 0 }) => rows > target + 1);
      expect(large.filter(({ from, to }) => to - from > 1)).toEqual([]);
    }),
  );
});

test('neighbours with few rows are asked for together', () => {
  const counted = Array.from({ length: 100 }, (_, index) => ({
    at: whole.from + (index * DAY) / 4,
    rows: 10,
  }));
  expect(planSpans(whole, counted, 50_000)).toEqual([{ ...whole, rows: 1000 }]);
});

test('a busy hour is cut, and quiet weeks are not', () => {
  const counted = [
    { at: whole.from, rows: 10 },
    { at: whole.from + 20 * DAY, rows: 200_000 },
    { at: whole.from + 20 * DAY + 3_600_000, rows: 5 },
  ];
  const spans = planSpans(whole, counted, 50_000);
  expect(spans.map(({ rows }) => rows)).toEqual([10, 50_000, 50_000, 50_000, 50_000, 5]);
  expectSeamless(spans);
});

test('without a count there are eight parts', () => {
  const spans = planBlindly(whole);
  expect(spans).toHaveLength(8);
  expectSeamless(spans);
});

test('a span is cut down to a millisecond, and not further', () => {
  expect(cutSpan({ from: 0, to: 3, rows: 9 }, 8)).toEqual([
    { from: 0, to: 1, rows: 3 },
    { from: 1, to: 2, rows: 3 },
    { from: 2, to: 3, rows: 3 },
  ]);
  expect(cutSpan({ from: 0, to: 1, rows: 9 }, 8)).toEqual([{ from: 0, to: 1, rows: 9 }]);
});

test('a span that takes what fits is left as it is', () => {
  const spans = [
    { from: 0, to: 1, rows: 5, take: 3 },
    { from: 1, to: 2, rows: 5 },
  ];
  expect(replanSpans(spans, 100)).toEqual(spans);
});

test('wide rows make small spans', () => {
  expect(toTarget({ rows: 10_000, bytes: 1_000_000 })).toBe(80_000);
  expect(toTarget({ rows: 10_000, bytes: 20_000_000 })).toBe(20_000);
  expect(toTarget({ rows: 0, bytes: 0 })).toBe(80_000);
  expect(toTarget({ rows: 1, bytes: 60_000_000 })).toBe(1);
});

test('a count has at most 400 bins of whole seconds', () => {
  expect(toBinMs(whole)).toBe(6_480_000);
  expect(toBinMs({ from: 0, to: 10 })).toBe(1000);
});

test('bins before the span make no span without time', () => {
  const counted = [
    { at: whole.from - 2000, rows: 1 },
    { at: whole.from - 1000, rows: 1 },
  ];
  expect(planSpans(whole, counted, 1)).toEqual([{ ...whole, rows: 1 }]);
});
