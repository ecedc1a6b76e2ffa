import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findTimeSpan } from '../../../../shared/hunting/query/timespan.ts';

const NOW = Date.UTC(2026, 10, 30, 10);

function toTexts(text: string) {
  const span = findTimeSpan(text, NOW);
  return span && [new Date(span.from).toISOString(), new Date(span.to).toISOString()];
}

test.each([
  ['P30D', '2026-10-31T10:00:00.000Z', '2026-11-30T10:00:00.000Z'],
  ['P1W', '2026-11-23T10:00:00.000Z', '2026-11-30T10:00:00.000Z'],
  ['PT36H', '2026-11-28T22:00:00.000Z', '2026-11-30T10:00:00.000Z'],
  ['P1DT2H3M4.5S', '2026-11-29T07:56:55.500Z', '2026-11-30T10:00:00.000Z'],
  ['P1M', '2026-10-30T10:00:00.000Z', '2026-11-30T10:00:00.000Z'],
  ['P9M', '2026-02-28T10:00:00.000Z', '2026-11-30T10:00:00.000Z'],
  ['P1Y', '2025-11-30T10:00:00.000Z', '2026-11-30T10:00:00.000Z'],
  ['2026-11-01', '2026-11-01T00:00:00.000Z', '2026-11-30T10:00:00.000Z'],
  ['2026-11-01T10:30', '2026-11-01T10:30:00.000Z', '2026-11-30T10:00:00.000Z'],
  [
    '2026-11-01T00:00:00Z/2026-11-02T00:00:00Z',
    '2026-11-01T00:00:00.000Z',
    '2026-11-02T00:00:00.000Z',
  ],
  ['2026-11-01T02:00:00+02:00/P1D', '2026-11-01T00:00:00.000Z', '2026-11-02T00:00:00.000Z'],
  ['P1D/2026-11-02T00:00:00.1234567Z', '2026-11-01T00:00:00.123Z', '2026-11-02T00:00:00.123Z'],
] as const)('a timespan of any form of ISO 8601: %s', (text, from, to) => {
  expect(toTexts(text)).toEqual([from, to]);
});

test.each([
  ...['', 'P', 'PT', 'P1', '30D', 'p30d', 'P-1D', 'P0D', 'P1H', 'PT1D', 'P1D/P1D', 'P1D/', '/P1D'],
  ...['2026-13-01', '2026-02-30', '2026-11-31', '2026-11-01T25:00:00Z', 'yesterday', '2027-01-01'],
  ...['2026-11-02/2026-11-01', '2026-11-01/2026-11-01', 'a/b', '2026-11-01/P1D/P1D', 'P99999D'],
  ...['2026-11-01T00:00:00Z;P1D', "P1D' or 1", 'P9999Y', '1900-01-01/1901-01-01'],
])('a timespan that is none: %j', (text) => {
  expect(findTimeSpan(text, NOW)).toBeUndefined();
});

test('no text makes a span that holds no time, or throws', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'P0123456789DTHMSWY-/:.Z+ ') }), (text) => {
      const span = findTimeSpan(text, NOW);
      return span === undefined || span.from < span.to;
    }),
  );
});
