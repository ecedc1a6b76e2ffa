import { expect, test } from 'vitest';
import { findRetryAfter, findServerTime } from '../../../shared/retry/retry-after.ts';

const NOW = Date.UTC(2026, 10, 20, 10);

test.each([
  ['42', 42_000],
  ['1.5', 1500],
  ['0', 0],
  ['86400', 3_600_000],
  ['9'.repeat(400), 3_600_000],
  ['30, 60', 60_000],
  ['Fri, 20 Nov 2026 10:00:42 GMT', 42_000],
  ['Friday, 20-Nov-26 10:00:42 GMT', 42_000],
  ['Fri Nov 20 10:00:42 2026 GMT', 42_000],
  ['Fri, 20 Nov 2026 09:00:00 GMT', 0],
  ['soon', undefined],
  ['-5', undefined],
  ['', undefined],
  ['1e9', undefined],
])('Retry-After %j asks for a pause of %j ms', (header, pause) => {
  expect(findRetryAfter(new Headers({ 'retry-after': header }), NOW)).toBe(pause);
});

test('a date is compared with the clock of the server, not with ours', () => {
  const date = new Date(NOW + 240_000).toUTCString();
  const headers = new Headers({ 'retry-after': 'Fri, 20 Nov 2026 10:05:00 GMT', date });
  expect(findServerTime(headers)).toBe(NOW + 240_000);
  expect(findRetryAfter(headers, NOW)).toBe(60_000);
});

test('an answer without a readable Date names no time', () => {
  expect(findServerTime(new Headers())).toBeUndefined();
  expect(findServerTime(new Headers({ date: 'now' }))).toBeUndefined();
  expect(findServerTime(new Headers({ date: '7' }))).toBeUndefined();
});
