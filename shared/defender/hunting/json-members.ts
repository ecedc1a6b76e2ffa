import { createJsonInput, type JsonInput } from './json-input.ts';

/** A member of the outer object, or an element of the list in it; `text` is its JSON. */
export interface Member {
  readonly name: string;
  readonly isElement: boolean;
  readonly text: string;
}

/**
 * Reads a JSON object that arrives in pieces; `isList` says by name which member is the list. An
 * answer of 50 MB is never held as a whole: of the list one element at a time is. Throws a
 * SyntaxError where the text is no JSON object.
 */
export async function* readMembers(
  pieces: AsyncIterable<string>,
  isList: (name: string) => boolean,
): AsyncGenerator<Member> {
  const input = createJsonInput(pieces);
  await input.expect('{');
  while (!(await input.accept('}'))) {
    const name = parseName(await input.takeValue());
    await input.expect(':');
    if (isList(name) && (await input.accept('['))) yield* readElements(input, name);
    else yield { name, isElement: false, text: await input.takeValue() };
    if (!(await input.accept(',')) && (await input.peek()) !== '}') throw toError();
  }
  if ((await input.peek()) !== undefined) throw toError();
}

async function* readElements(input: JsonInput, name: string): AsyncGenerator<Member> {
  while (!(await input.accept(']'))) {
    yield { name, isElement: true, text: await input.takeValue() };
    if (!(await input.accept(',')) && (await input.peek()) !== ']') throw toError();
  }
}

function parseName(text: string): string {
  const name: unknown = JSON.parse(text);
  if (typeof name !== 'string') throw toError();
  return name;
}

function toError(): SyntaxError {
  return new SyntaxError('The JSON is broken.');
}
