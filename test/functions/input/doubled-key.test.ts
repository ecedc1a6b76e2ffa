import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findDoubledKey } from '../../../functions/input/doubled-key.ts';

test.each([
  ['{"a":1,"a":1}', 'a'],
  ['{"a":1,"\\u0061":2}', 'a'],
  ['{"a":{"b":1,"b":2}}', 'b'],
  ['{"rules":[{"effect":"deny","effect":"allow"}]}', 'effect'],
  ['{"a":"\\"}","a":1}', 'a'],
  ['{"":1 , "" : 2}', ''],
  ['{"__proto__":1,"__proto__":2}', '__proto__'],
])('in %s the key %j is found', (json, key) => {
  expect(findDoubledKey(json)).toBe(key);
});

test.each([
  '{}',
  '{"a":{"a":1},"b":[{"a":1},{"a":2}]}',
  '{"a":"b","b":"a\\":","c":"{\\"a\\":1,\\"a\\":2}"}',
  '["a","a"]',
  '{"a":["a","a"]}',
])('in %s nothing is doubled', (json) => {
  expect(findDoubledKey(json)).toBeUndefined();
});

test('whatever an object holds, a key is found where and only where it comes twice', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue(), { minKeys: 1 }), (object) => {
      const [name = '', value] = Object.entries(object)[0] ?? [];
      const doubled = `${JSON.stringify(object).slice(0, -1)},${JSON.stringify(name)}:${JSON.stringify(value)}}`;

      expect(findDoubledKey(JSON.stringify(object, undefined, 1))).toBeUndefined();
      expect(findDoubledKey(doubled)).toBe(name);
    }),
  );
});
