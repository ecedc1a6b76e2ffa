/** One lexical unit of a KQL text; offsets are UTF-16 units. */
export interface Token {
  readonly kind: 'name' | 'number' | 'string' | 'symbol';
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** What the tokenizer could not read, and where. */
export class TokenError extends Error {
  override readonly name = 'TokenError';
  readonly start: number;

  constructor(message: string, start: number) {
    super(message);
    this.start = start;
  }
}

const SPACE = /\s+|\/\/[^\n]*/y;
const NAME = /[A-Za-z_$][\w$]*/y;
/** Decimal, hexadecimal, and with a unit: `1d`, `1.5h`, `0x1F`, `1e-3`. */
const NUMBER = /0[xX][\dA-Fa-f]+|\d+(?:\.\d+)?(?:[eE][+-]?\d+)?[A-Za-z]*/y;
const SYMBOL = /[=!]~|[=!<>]=|<>|=>|\.\.|[^\s\w]/y;
/** `h` hides a string from logs; `@` makes it verbatim. */
const STRING_START = /[hH]?(?:```|~~~|@?["'])/y;

/**
 * Reads a text into tokens without spaces and comments; throws a TokenError for a string without
 * its end.
 */
export function toTokens(text: string): readonly Token[] {
  const tokens: Token[] = [];
  for (let at = skipSpace(text, 0); at < text.length; ) {
    const token = readToken(text, at);
    tokens.push(token);
    at = skipSpace(text, token.end);
  }
  return tokens;
}

function skipSpace(text: string, from: number): number {
  let at = from;
  for (let match = matchAt(SPACE, text, at); match; match = matchAt(SPACE, text, at)) {
    at += match.length;
  }
  return at;
}

function readToken(text: string, start: number): Token {
  const opening = matchAt(STRING_START, text, start);
  if (opening) return toToken('string', text, { start, end: findStringEnd(text, start, opening) });
  for (const [kind, pattern] of PATTERNS) {
    const match = matchAt(pattern, text, start);
    if (match) return toToken(kind, text, { start, end: start + match.length });
  }
  throw new TokenError('A character is not expected here.', start);
}

const PATTERNS = [
  ['name', NAME],
  ['number', NUMBER],
  ['symbol', SYMBOL],
] as const;

function toToken(
  kind: Token['kind'],
  text: string,
  { start, end }: { start: number; end: number },
): Token {
  return { kind, text: text.slice(start, end), start, end };
}

/**
 * The offset after a string. Plain strings escape with a backslash, verbatim ones double their
 * quote.
 */
function findStringEnd(text: string, start: number, opening: string): number {
  const from = start + opening.length;
  const mark = opening.replace(/^[hH]/, '');
  if (mark === '```' || mark === '~~~') return findMark(text, mark, { from, start });
  const quote = mark.at(-1) ?? '"';
  const isVerbatim = mark.startsWith('@');
  for (let at = from; at < text.length; at++) {
    const character = text[at];
    if (character === '\n') break;
    if (character === '\\' && !isVerbatim) at++;
    else if (character === quote && isVerbatim && text[at + 1] === quote) at++;
    else if (character === quote) return at + 1;
  }
  throw new TokenError('A string has no end.', start);
}

function findMark(
  text: string,
  mark: string,
  { from, start }: { from: number; start: number },
): number {
  const at = text.indexOf(mark, from);
  if (at === -1) throw new TokenError('A string has no end.', start);
  return at + mark.length;
}

/** Patterns are sticky: they match exactly here or not at all. */
function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}
