import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findInstant, shift, toInstant, toTime } from '../../../shared/incidents/instant.ts';

test.each([
  ['2026-11-21T10:04:12Z', '2026-11-21T10:04:12.0000000Z'],
  ['2026-11-21T10:04:12.3Z', '2026-11-21T10:04:12.3000000Z'],
  ['2026-11-21T10:04:12.0733333Z', '2026-11-21T10:04:12.0733333Z'],
  ['2026-11-21T10:04:12.07333339Z', '2026-11-21T10:04:12.0733333Z'],
  ['2026-11-21T12:04:12.29+02:00', '2026-11-21T10:04:12.2900000Z'],
])('%s is the instant %s', (text, instant) => {
  expect(findInstant(text)).toBe(instant);
});

test.each([
  '',
  'now',
  '2026-11-21',
  '2026-13-21T10:04:12Z',
  '2026-11-21T10:04:12',
  '2026-11-21T10:04:12.Z',
  '9999-12-31T23:59:59-01:00',
  '0000-01-01T00:00:00+01:00',
])('%j is no instant', (text) => {
  expect(findInstant(text)).toBeUndefined();
});

test('instants compare as texts in the order of time, to 100 ns', () => {
  const ticks = fc.tuple(fc.integer({ min: 0, max: 4e12 }), fc.integer({ min: 0, max: 9999 }));
  const write = ([time, tick]: [number, number]) =>
    `${toInstant(time).slice(0, 23)}${String(tick).padStart(4, '0')}Z`;
  fc.assert(
    fc.property(ticks, ticks, (one, other) => {
      const isEarlier = one[0] === other[0] ? one[1] < other[1] : one[0] < other[0];
      expect(write(one) < write(other)).toBe(isEarlier);
    }),
  );
});

test('moving an instant keeps what is finer than a millisecond', () => {
  const moved = shift(findInstant('2026-11-21T00:00:00.0001234Z') ?? toInstant(0), -1);
  expect(moved).toBe('2026-11-20T23:59:59.9991234Z');
  expect(toTime(moved)).toBe(Date.parse('2026-11-20T23:59:59.999Z'));
});
