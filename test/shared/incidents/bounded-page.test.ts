import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createBoundedPage, MAX_PAGE_BYTES } from '../../../shared/incidents/bounded-page.ts';
import { runs } from '../../support/runs.ts';

/** A row whose JSON has so many bytes, in fewer characters. */
function makeRow(bytes: number) {
  const text = (length: number) => '☃'.repeat(length / 3) + 'x'.repeat(length % 3);
  return { text: text(bytes - '{"text":""}'.length) };
}

test('a page ends with the last byte that it may hold', () => {
  const page = createBoundedPage(9);
  const sizes = [MAX_PAGE_BYTES - 100, 100, 20, 20];
  expect(sizes.map((bytes) => page.add(makeRow(bytes)))).toEqual([true, true, false, false]);
});

test('the first row is taken however large it is, and nothing after it', () => {
  const page = createBoundedPage(9);
  expect([MAX_PAGE_BYTES + 1, 20].map((bytes) => page.add(makeRow(bytes)))).toEqual([true, false]);
});

test('whatever the sizes, a page is the most of the first rows that fit', () => {
  const sizes = fc.array(fc.integer({ min: 20, max: MAX_PAGE_BYTES }), {
    minLength: 1,
    maxLength: 9,
  });
  const property = fc.property(sizes, fc.integer({ min: 1, max: 9 }), (given, limit) => {
    const page = createBoundedPage(limit);
    const taken = given.map(makeRow).filter(page.add).length;
    const sumOf = (count: number) => given.slice(0, count).reduce((sum, size) => sum + size, 0);
    expect(page.rows).toEqual(given.slice(0, taken).map(makeRow));
    expect(taken === 1 || sumOf(taken) <= MAX_PAGE_BYTES).toBe(true);
    expect(taken === Math.min(limit, given.length) || sumOf(taken + 1) > MAX_PAGE_BYTES).toBe(true);
  });
  fc.assert(property, { numRuns: runs(7) });
});
