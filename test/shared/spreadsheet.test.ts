import { expect, test } from 'vitest';
import { toCellJson, toCellText } from '../../shared/spreadsheet.ts';

test.each([
  ['=1+1', "'=1+1"],
  ["x;=cmd|' /C calc'!A0;y", "x;'=cmd|' /C calc'!A0;y"],
  ['a; -enc x', "a;' -enc x"],
  ['one\n=HYPERLINK("x")', 'one\n\'=HYPERLINK("x")'],
  ['a;;@b', "a;;'@b"],
  ['a;b=c; d-e', 'a;b=c; d-e'],
])('%j is %j in a cell, also where cells are split at semicolons', (text, cell) => {
  expect(toCellText(text)).toBe(cell);
});

test('a value of JSON begins no cell of its own', () => {
  expect(toCellJson('{"a":"x;=1+1"}')).toBe('{"a":"x;\'=1+1"}');
  expect(toCellJson('[-1,2]')).toBe('[-1,2]');
});

test.each([';', '\n', '\t', ' ', '; '])('a long run of %j costs no more than its length', (run) => {
  const text = `x${run.repeat(100_000)}x`;
  const startedAt = performance.now();
  expect(toCellText(text)).toBe(text);
  expect(performance.now() - startedAt).toBeLessThan(2000);
});
