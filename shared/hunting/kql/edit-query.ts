import type { ParsedQuery } from './parse-query.ts';
import type { Source } from './row-wise.ts';
import { isSymbol } from './statement.ts';
import type { Token } from './token.ts';

/** A span of time, its end excluded; epoch milliseconds. */
export interface TimeSpan {
  readonly from: number;
  readonly to: number;
}

/** A query whose rows can be asked for span by span. */
export type SplittableQuery = ParsedQuery & { readonly splitSource: Source };

/** What a span is asked with. */
interface SpanRequest {
  readonly span: TimeSpan;
  /** The table's column of time. */
  readonly column: string;
  /** What `now()` answers in every part: the parts of one query must mean the same. */
  readonly now: number;
}

/** The columns of `countByTime`. */
export const BIN_COLUMN = 'HuntBin';
export const COUNT_COLUMN = 'HuntRows';

/** Stages that may drop the column of time, or cost time and change no count. */
const ENDS_COUNT = /^(project|sort|order)/;

/** The query with at most so many rows. */
export function limitRows({ text, end }: ParsedQuery, count: number): string {
  return `${text.slice(0, end)}\n| take ${count}${text.slice(end)}`;
}

/**
 * The rows of one span: the condition stands right after the table, so that no other table is
 * narrowed by it.
 */
export function selectSpan(query: SplittableQuery, { span, column, now }: SpanRequest): string {
  const condition = { at: query.splitSource.end, text: toCondition(column, span) };
  return applyEdits(query.text, [condition, ...fixNow(query.tokens, now)]);
}

/**
 * How many rows there are in each bin of a span, about: stages after the first projection are left
 * out.
 */
export function countByTime(query: SplittableQuery, request: SpanRequest, binMs: number): string {
  const { splitSource, stages, text, tokens } = query;
  const dropped = stages.findIndex(({ operator }) => ENDS_COUNT.test(operator));
  const kept = dropped === -1 ? stages : stages.slice(0, dropped);
  const end = kept.at(-1)?.tokens.at(-1)?.end ?? splitSource.end;
  const head = tokens.filter((token) => token.end <= end);
  const { column, span, now } = request;
  const condition = { at: splitSource.end, text: toCondition(column, span) };
  const rows = applyEdits(text.slice(0, end), [condition, ...fixNow(head, now)]);
  const bin = `bin(${column}, ${binMs}ms)`;
  return `${rows}\n| summarize ${COUNT_COLUMN} = count() by ${BIN_COLUMN} = ${bin}`;
}

/** A time as a literal. */
function toDatetimeLiteral(time: number): string {
  return `datetime(${new Date(time).toISOString()})`;
}

interface Edit {
  readonly at: number;
  /** The offset after what is replaced; absent: the text is inserted. */
  readonly until?: number;
  readonly text: string;
}

function toCondition(column: string, { from, to }: TimeSpan): string {
  const [begin, end] = [from, to].map(toDatetimeLiteral);
  return `\n| where ${column} >= ${begin} and ${column} < ${end}`;
}

/** `ago(1d)` becomes `(datetime(…)-(1d))`, `now()` becomes `datetime(…)`. */
function fixNow(tokens: readonly Token[], now: number): readonly Edit[] {
  const closes = findCloses(tokens);
  return tokens.flatMap((token, index): readonly Edit[] => {
    const isClock = token.kind === 'name' && (token.text === 'now' || token.text === 'ago');
    const close = isClock ? closes.get(index + 1) : undefined;
    if (close === undefined) return [];
    const literal = toDatetimeLiteral(now);
    const { start: at, end } = token;
    if (tokens[index + 2] === close) return [{ at, until: close.end, text: literal }];
    const sign = token.text === 'ago' ? '-' : '+';
    return [
      { at, until: end, text: `(${literal}${sign}` },
      { at: close.end, text: ')' },
    ];
  });
}

/** The bracket that closes each opening one, by the index of that. */
function findCloses(tokens: readonly Token[]): ReadonlyMap<number, Token> {
  const closes = new Map<number, Token>();
  const open: number[] = [];
  for (const [index, token] of tokens.entries()) {
    if (isSymbol(token, '(')) open.push(index);
    const opened = isSymbol(token, ')') ? open.pop() : undefined;
    if (opened !== undefined) closes.set(opened, token);
  }
  return closes;
}

function applyEdits(text: string, edits: readonly Edit[]): string {
  let done = 0;
  const parts: string[] = [];
  for (const { at, until = at, text: inserted } of edits.toSorted((a, b) => a.at - b.at)) {
    parts.push(text.slice(done, at), inserted);
    done = until;
  }
  return parts.join('') + text.slice(done);
}
