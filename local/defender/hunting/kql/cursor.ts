import { readTokens, type Token } from './lexer.ts';
import { toSyntaxError } from './query-error.ts';

/** The words of a query that are not read yet. */
export interface TokenCursor {
  readonly peek: (ahead?: number) => Token;
  readonly next: () => Token;
  /** Takes the next word if it is this symbol or name. */
  readonly accept: (text: string) => boolean;
  readonly expect: (text: string) => void;
  readonly expectName: () => string;
  readonly isNext: (...texts: readonly string[]) => boolean;
  readonly fail: () => never;
}

/** Creates the cursor at the first word. */
export function createTokenCursor(text: string): TokenCursor {
  const tokens = readTokens(text);
  let at = 0;
  const peek = (ahead = 0): Token => tokens[at + ahead] ?? END;
  const next = () => {
    const token = peek();
    at++;
    return token;
  };
  const fail = (): never => {
    const token = peek();
    throw toSyntaxError(text, token.at, token.text);
  };
  const isNext = (...texts: readonly string[]) => {
    const { kind, text: word } = peek();
    return (kind === 'symbol' || kind === 'name') && texts.includes(word);
  };
  const accept = (word: string) => {
    if (!isNext(word)) return false;
    at++;
    return true;
  };
  return {
    peek,
    next,
    isNext,
    accept,
    expect(word) {
      if (!accept(word)) fail();
    },
    expectName() {
      if (peek().kind === 'name') return next().text;
      // `['name']` is a name whatever it holds.
      if (!accept('[') || peek().kind !== 'string') return fail();
      const name = next().text;
      if (!accept(']')) fail();
      return name;
    },
    fail,
  };
}

const END: Token = { kind: 'end', text: '<EOF>', at: 0 };
