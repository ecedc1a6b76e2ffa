import { expect, test } from 'vitest';
import { toVisible } from '../../../functions/mcp/untrusted.ts';

test.each([
  ['a zero-width space', '\u200b'],
  ['a change of direction', '\u202e'],
  ['a tag', '\u{e0041}'],
  ['a selector of variants', '\ufe0f'],
  ['a selector of the second plane', '\u{e0151}'],
  ['a filler of Hangul', '\u3164'],
  ['a joiner of graphemes', '\u034f'],
])('%s hides nothing from people', (_, hidden) => {
  expect(toVisible({ [`a${hidden}`]: [`b${hidden}c`] })).toEqual({ a: ['bc'] });
});

test('what can be seen stays, with its tabs and lines', () => {
  const text = 'Grüße\tan „日本“\n😀';
  expect(toVisible(text)).toBe(text);
});
