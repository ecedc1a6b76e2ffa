/**
 * A JSON text of which only what is not read yet is held. Everything throws a SyntaxError where the
 * text ends too early.
 */
export interface JsonInput {
  /** The next character that is no space; `undefined`: the text has ended. */
  peek(): Promise<string | undefined>;
  /** Takes a character if it is the next one. */
  accept(character: string): Promise<boolean>;
  expect(character: string): Promise<void>;
  /** The text of the next value; whether it is JSON inside is for the parser to say. */
  takeValue(): Promise<string>;
}

/** Creates the input over pieces of text. */
export function createJsonInput(pieces: AsyncIterable<string>): JsonInput {
  const iterator = pieces[Symbol.asyncIterator]();
  let text = '';
  let at = 0;

  /** Appends the next piece; `false`: there is none. */
  const readMore = async (): Promise<boolean> => {
    const { done, value } = await iterator.next();
    if (done) return false;
    text = text.slice(at) + value;
    at = 0;
    return true;
  };

  const peek = async (): Promise<string | undefined> => {
    for (;;) {
      while (isSpace(text.charCodeAt(at))) at++;
      if (at < text.length) return text[at];
      if (!(await readMore())) return undefined;
    }
  };

  const accept = async (character: string): Promise<boolean> => {
    if ((await peek()) !== character) return false;
    at++;
    return true;
  };

  return {
    peek,
    accept,
    async expect(character) {
      if (!(await accept(character))) throw new SyntaxError(`Expected ${character}.`);
    },
    async takeValue() {
      await peek();
      const search = createEndSearch();
      let from = at;
      for (;;) {
        const end = search(text, from);
        if (end !== undefined) {
          const value = text.slice(at, end);
          at = end;
          return value;
        }
        const searched = text.length - at;
        if (!(await readMore())) throw new SyntaxError('The JSON ends within a value.');
        from = searched;
      }
    },
  };
}

/**
 * Finds the offset after a value, going on where the text before ended; `undefined`: its end is not
 * there yet.
 */
type EndSearch = (text: string, from: number) => number | undefined;

/**
 * Where a character leaves a value: within it, after its last character, or after the one before.
 */
type Place = 'inside' | 'last' | 'after';

const QUOTE = '"'.charCodeAt(0);
const BACKSLASH = '\\'.charCodeAt(0);
const COMMA = ','.charCodeAt(0);
const COLON = ':'.charCodeAt(0);

function createEndSearch(): EndSearch {
  let depth = 0;
  let isText = false;
  let isEscaped = false;

  const placeInText = (code: number): Place => {
    const ends = code === QUOTE && !isEscaped;
    isEscaped = code === BACKSLASH && !isEscaped;
    if (ends) isText = false;
    return ends && depth === 0 ? 'last' : 'inside';
  };

  /** What follows a number or a word outside of brackets ends it. */
  const placeOutside = (code: number): Place => {
    if (code === QUOTE) isText = true;
    else if (isOpening(code)) depth++;
    else if (depth === 0) return endsWord(code) ? 'after' : 'inside';
    else if (isClosing(code)) return --depth === 0 ? 'last' : 'inside';
    return 'inside';
  };

  return (text, from) => {
    for (let at = from; at < text.length; at++) {
      const code = text.charCodeAt(at);
      const place = isText ? placeInText(code) : placeOutside(code);
      if (place !== 'inside') return place === 'last' ? at + 1 : at;
    }
    return undefined;
  };
}

function isOpening(code: number): boolean {
  return code === 123 || code === 91;
}

function isClosing(code: number): boolean {
  return code === 125 || code === 93;
}

function endsWord(code: number): boolean {
  return code === COMMA || code === COLON || isClosing(code) || isSpace(code);
}

function isSpace(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13);
}
