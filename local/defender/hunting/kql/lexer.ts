import { toSyntaxError } from './query-error.ts';

/** A word of a query. */
export interface Token {
  readonly kind: 'name' | 'number' | 'timespan' | 'string' | 'typed' | 'symbol' | 'end';
  /** Of strings what they say. */
  readonly text: string;
  readonly at: number;
}

const RULES: readonly (readonly [Token['kind'] | 'space', RegExp])[] = [
  ['space', /\s+|\/\/[^\n]*/y],
  ['string', /[hH]?@"(?:[^"\n]|"")*"|[hH]?@'(?:[^'\n]|'')*'/y],
  ['string', /[hH]?"(?:[^"\\\n]|\\.)*"|[hH]?'(?:[^'\\\n]|\\.)*'/y],
  ['timespan', /\d+(?:\.\d+)?(?:ms|microsecond|tick|d|h|m|s)\b/y],
  ['number', /\d+\.\d+(?:[eE][+-]?\d+)?|\d+(?:[eE][+-]?\d+)?(?![\w])/y],
  // What stands in these brackets is one word.
  ['typed', /\b(?:datetime|timespan|time|long|int|real|double|bool|guid)\s*\([^()"']*\)/y],
  // Operators that are words may be turned round and told to ignore case.
  ['name', /![a-zA-Z]\w*~?|in~|\$?[A-Za-z_]\w*/y],
  ['symbol', /=~|!~|==|!=|<>|<=|>=|\.\.|[-+*/%<>=|,;:()[\]{}.~!]/y],
];

/** The words of a query. */
export function readTokens(text: string): readonly Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < text.length; ) {
    const [kind, found] = readNext(text, at);
    if (kind === 'string') tokens.push({ kind, text: toText(found), at });
    else if (kind !== 'space') tokens.push({ kind, text: found, at });
    at += found.length;
  }
  return [...tokens, { kind: 'end', text: '<EOF>', at: text.length }];
}

function readNext(text: string, at: number): readonly [Token['kind'] | 'space', string] {
  for (const [kind, pattern] of RULES) {
    pattern.lastIndex = at;
    const [found] = pattern.exec(text) ?? [];
    if (found !== undefined) return [kind, found];
  }
  throw toSyntaxError(text, at, text[at] ?? '');
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '0': '\0' };

function toText(literal: string): string {
  const plain = literal.replace(/^[hH]/, '');
  const quote = plain.at(-1) ?? '"';
  if (plain.startsWith('@')) return plain.slice(2, -1).replaceAll(quote + quote, quote);
  return plain
    .slice(1, -1)
    .replace(/\\(u[\da-fA-F]{4}|x[\da-fA-F]{2}|.)/g, (_, code: string) =>
      code.length > 1
        ? String.fromCharCode(Number.parseInt(code.slice(1), 16))
        : (ESCAPES[code] ?? code),
    );
}
