import { isSymbol, type Pipeline, type Statement } from './statement.ts';
import type { Token } from './token.ts';

/** A plain table that a query begins with. */
export interface Source {
  readonly table: string;
  /** The offset after its name: where a condition on time goes. */
  readonly end: number;
}

/**
 * Operators that look at one row at a time, so that the rows of two spans of time are those of both
 * spans together.
 */
const ROW_WISE: ReadonlySet<string> = new Set([
  'where',
  'filter',
  'extend',
  'parse',
  'parse-where',
  'parse-kv',
  'project',
  'project-away',
  'project-keep',
  'project-rename',
  'project-reorder',
  'mv-expand',
  'mvexpand',
  // The rows are the same, and each part is sorted.
  'sort',
  'order',
]);

/** Functions that look at other rows, or answer something else each time. */
const NOT_ROW_WISE: ReadonlySet<string> = new Set([
  'new_guid',
  'next',
  'prev',
  'rand',
  'row_cumsum',
  'row_number',
  'row_rank_dense',
  'row_rank_min',
  'row_window_session',
]);

/** The table of a query whose rows can be asked for span by span; `undefined`: they can't. */
export function findSplitSource(
  statements: readonly Statement[],
  { source, stages }: Pipeline,
): Source | undefined {
  const table = findTable(source);
  if (!table || listLetNames(statements).has(table.table)) return undefined;
  if (!stages.every(({ operator }) => ROW_WISE.has(operator))) return undefined;
  const others = statements.flatMap(({ tokens }) => tokens).some(looksAtOtherRows);
  return others ? undefined : table;
}

/** `DeviceEvents` or `['DeviceEvents']`, and nothing else. */
function findTable(source: readonly Token[]): Source | undefined {
  const [first, second, third] = source;
  if (source.length === 1 && first?.kind === 'name') return { table: first.text, end: first.end };
  const isQuoted = isSymbol(first, '[') && second?.kind === 'string' && isSymbol(third, ']');
  if (source.length !== 3 || !isQuoted || !third) return undefined;
  return { table: second.text.slice(1, -1), end: third.end };
}

function listLetNames(statements: readonly Statement[]): ReadonlySet<string> {
  const lets = statements.filter(({ kind }) => kind === 'let');
  return new Set(lets.map(({ tokens }) => tokens[1]?.text ?? ''));
}

function looksAtOtherRows({ kind, text }: Token, index: number, all: readonly Token[]): boolean {
  return kind === 'name' && NOT_ROW_WISE.has(text) && isSymbol(all[index + 1], '(');
}
