/** One lexical unit of a KQL text; offsets are UTF-16 units. */
export interface Token {
  readonly kind: 'name' | 'number' | 'string' | 'symbol' | 'literal';
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

/**
 * Characters that no query needs, and that readers may take for the end of a line, for a space or
 * for neither. A text that has one is refused: two readers must not see two queries in it.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for.
const AMBIGUOUS = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f\u0085\u2028\u2029\ufeff]/;

const SPACE = /\s+|\/\/[^\r\n]*/y;
const NAME = /[A-Za-z_$][\w$]*/y;
/** Decimal, hexadecimal, and with a unit: `1d`, `1.5h`, `0x1F`, `1e-3`. */
const NUMBER = /0[xX][\dA-Fa-f]+|\d+(?:\.\d+)?(?:[eE][+-]?\d+)?[A-Za-z]*/y;
/**
 * Kusto's own are ASCII. It passes over some characters that look like nothing, U+200B for one:
 * outside of strings and comments no other character is taken.
 */
const SYMBOL = /[=!]~|[=!<>]=|<>|=>|\.\.|[!-/:-@[-^`{-~]/y;
/**
 * A value after the name of its type: `datetime(2026-11-20)`. Kusto does not read what stands in
 * the brackets, so a quote there opens no string.
 */
const LITERAL_START =
  /(?:bool|boolean|date|datetime|decimal|double|guid|int|int32|int64|long|real|time|timespan|uniqueid|uuid)\s*\(/iy;
/** A value as Kusto and this tokenizer read it alike, perhaps in simple quotes. */
const LITERAL_REST = /(?:(?!\/\/)[^()"'`~\\])*\)|\s*(["'])(?:(?!\/\/)[^()"'`~\\\r\n])*\1\s*\)/y;
/** `h` hides a string from logs; `@` makes it verbatim. */
const STRING_START = /[hH]?(?:```|~~~|@?["'])/y;

/**
 * Reads a text into tokens without spaces and comments. Throws a TokenError for a string without
 * its end, and for what Kusto may read differently.
 */
export function toTokens(text: string): readonly Token[] {
  const ambiguous = text.search(AMBIGUOUS);
  if (ambiguous !== -1) throw new TokenError('A control character is not allowed.', ambiguous);
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
  const type = matchAt(LITERAL_START, text, start);
  if (type) return toToken('literal', text, { start, end: findLiteralEnd(text, start, type) });
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

function findLiteralEnd(text: string, start: number, opening: string): number {
  const from = start + opening.length;
  const rest = matchAt(LITERAL_REST, text, from);
  if (rest === undefined) throw new TokenError('A literal holds more than a plain value.', start);
  return from + rest.length;
}

/** What follows the quote of a string; none goes on in another line, whatever stands at its end. */
const STRING_RESTS: ReadonlyMap<string, RegExp> = new Map([
  ['"', /[^\\"\r\n]*(?:\\[^\r\n][^\\"\r\n]*)*"/y],
  ["'", /[^\\'\r\n]*(?:\\[^\r\n][^\\'\r\n]*)*'/y],
  ['@"', /[^"\r\n]*(?:""[^"\r\n]*)*"(?!")/y],
  ["@'", /[^'\r\n]*(?:''[^'\r\n]*)*'(?!')/y],
]);

/**
 * The offset after a string. Plain strings escape with a backslash, verbatim ones double their
 * quote.
 */
function findStringEnd(text: string, start: number, opening: string): number {
  const from = start + opening.length;
  const mark = opening.replace(/^[hH]/, '');
  const pattern = STRING_RESTS.get(mark);
  if (!pattern) return findMark(text, mark, { from, start });
  const rest = matchAt(pattern, text, from);
  if (rest === undefined) throw new TokenError('A string has no end.', start);
  return from + rest.length;
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
