import type { Token } from './token.ts';

/** A statement of a query: what ends with a semicolon, or with the text. */
export interface Statement {
  readonly tokens: readonly Token[];
  /** `let`, `set` and the like; `query` is what answers rows. */
  readonly kind: 'let' | 'setting' | 'command' | 'query';
}

/** A stage of a pipeline, after its `|`. */
export interface Stage {
  /** The operator in lower case, with its hyphens: `mv-expand`. */
  readonly operator: string;
  readonly tokens: readonly Token[];
}

/** The pipeline of a statement: where rows come from, and what happens to them. */
export interface Pipeline {
  readonly source: readonly Token[];
  readonly stages: readonly Stage[];
}

/** A bracket that has no partner. */
export class BracketError extends Error {
  override readonly name = 'BracketError';
  readonly start: number;

  constructor(bracket: Token) {
    super(`The bracket ${bracket.text} has no partner.`);
    this.start = bracket.start;
  }
}

const CLOSES: ReadonlyMap<string, string> = new Map([
  [')', '('],
  [']', '['],
  ['}', '{'],
]);
const OPENS: ReadonlySet<string> = new Set(CLOSES.values());

/** Statements that answer no rows. */
const SETTINGS: ReadonlySet<string> = new Set(['set', 'declare', 'alias', 'restrict']);

/** Splits tokens where a symbol stands outside of brackets; throws a BracketError. */
function splitAt(symbol: string, tokens: readonly Token[]): readonly (readonly Token[])[] {
  const parts: Token[][] = [[]];
  const open: Token[] = [];
  for (const token of tokens) {
    trackBracket(token, open);
    if (open.length === 0 && isSymbol(token, symbol)) parts.push([]);
    else parts.at(-1)?.push(token);
  }
  const [unclosed] = open;
  if (unclosed) throw new BracketError(unclosed);
  return parts;
}

/** The statements of a query in order, without empty ones. */
export function toStatements(tokens: readonly Token[]): readonly Statement[] {
  return splitAt(';', tokens)
    .filter((part) => part.length > 0)
    .map((part) => ({ tokens: part, kind: toKind(part) }));
}

/** The pipeline of a statement's tokens. */
export function toPipeline(tokens: readonly Token[]): Pipeline {
  const [source = [], ...stages] = splitAt('|', tokens);
  return { source, stages: stages.map(toStage) };
}

/** Whether a token is this symbol. */
export function isSymbol(token: Token | undefined, text: string): boolean {
  return token?.kind === 'symbol' && token.text === text;
}

function trackBracket(token: Token, open: Token[]): void {
  if (token.kind !== 'symbol') return;
  if (OPENS.has(token.text)) open.push(token);
  const partner = CLOSES.get(token.text);
  if (partner !== undefined && open.pop()?.text !== partner) throw new BracketError(token);
}

function toKind([first, second]: readonly Token[]): Statement['kind'] {
  if (isSymbol(first, '.')) return 'command';
  if (first?.kind !== 'name') return 'query';
  const name = first.text.toLowerCase();
  if (name === 'let' && second?.kind === 'name') return 'let';
  return SETTINGS.has(name) ? 'setting' : 'query';
}

function toStage(tokens: readonly Token[]): Stage {
  let operator = '';
  let end = tokens[0]?.start ?? 0;
  for (const token of tokens) {
    // `mv-expand` is one word only where nothing stands in between.
    if (token.start !== end || !(token.kind === 'name' || token.text === '-')) break;
    operator += token.text.toLowerCase();
    end = token.end;
  }
  return { operator, tokens };
}
