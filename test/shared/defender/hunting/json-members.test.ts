import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Member, readMembers } from '../../../../shared/defender/hunting/json-members.ts';
import { runs } from '../../../support/runs.ts';

/** Reads a text that arrives in pieces of these sizes, again and again. */
async function read(text: string, sizes: readonly number[] = [text.length || 1]) {
  async function* toPieces() {
    for (let at = 0, turn = 0; at < text.length; turn++) {
      const size = sizes[turn % sizes.length] ?? 1;
      yield await Promise.resolve(text.slice(at, at + size));
      at += size;
    }
  }
  const members: Member[] = [];
  for await (const member of readMembers(toPieces(), (name) => name === 'results')) {
    members.push(member);
  }
  return members;
}

test('members come one by one, and the list element by element', async () => {
  const text = '{"schema":[{"name":"a"}],"results":[{"a":1},{"a":"}]"}],"more":null}';
  expect(await read(text)).toEqual([
    { name: 'schema', isElement: false, text: '[{"name":"a"}]' },
    { name: 'results', isElement: true, text: '{"a":1}' },
    { name: 'results', isElement: true, text: '{"a":"}]"}' },
    { name: 'more', isElement: false, text: 'null' },
  ]);
});

test('any JSON in any pieces, with any spaces, is read as it is', async () => {
  const jsonObject = fc.dictionary(fc.string(), fc.jsonValue());
  const answer = fc.record({
    schema: jsonObject,
    results: fc.array(jsonObject),
    sizes: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }),
    indent: fc.constantFrom(undefined, 1, '\t'),
  });
  const property = fc.asyncProperty(answer, async ({ sizes, indent, ...body }) => {
    const members = await read(JSON.stringify(body, null, indent), sizes);
    const [schema, ...results] = members.map(({ text }) => JSON.parse(text));
    expect({ schema, results }).toEqual(JSON.parse(JSON.stringify(body)));
  });
  await fc.assert(property, { numRuns: runs(67) });
});

test.each([
  ...[
    '',
    ' ',
    '[]',
    '{',
    '{"a"',
    '{"a":',
    '{"a":1',
    '{"a":1,',
    '{"results":[{"a":1}',
    '{"results":[',
  ],
  ...[
    '<html>',
    '{"a":1}x',
    '{"a":1}{}',
    '{a:1}',
    '{"a":1 "b":2}',
    'null',
    '{"results":[{"a":1} {"a":2}]}',
  ],
  ...['{"a":"x}', '{"results":[{"a":"x]}'],
])('what is broken is no answer: %j', async (text) => {
  await expect(read(text)).rejects.toThrow(SyntaxError);
  await expect(read(text, [1])).rejects.toThrow(SyntaxError);
});
