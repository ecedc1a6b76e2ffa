import { toSortable, toTicks } from '../timestamp.ts';
import { badRequest } from './refusal.ts';

/** The fields that `$filter` knows, and how each is compared. */
export type FilterFields = Readonly<Record<string, 'instant' | 'text'>>;

/** Says whether a record passes; built once per request. */
type Filter = (record: Readonly<Record<string, unknown>>) => boolean;

const CLAUSE =
  /\s*(\()?\s*(\w+)\s+(eq|ne|gt|ge|lt|le)\s+('(?:[^']|'')*'|[^\s()']+)\s*(\))?\s*(and\b|$)/y;

/**
 * Parses comparisons joined by `and`; an empty text lets everything pass; refuses what is not
 * supported.
 */
export function parseFilter(text: string, fields: FilterFields): Filter {
  const clauses: Filter[] = [];
  const clause = new RegExp(CLAUSE);
  let joined = text.trim() !== '';
  while (joined) {
    const start = clause.lastIndex;
    const [, open, field = '', operator = '', literal = '', close, and] = clause.exec(text) ?? [];
    if (field === '' || (open === undefined) !== (close === undefined)) {
      throw badRequest(`Syntax error at position ${start} in '${text}'.`);
    }
    clauses.push(toClause({ field, operator, literal }, fields));
    joined = and === 'and';
  }
  return (record) => clauses.every((passes) => passes(record));
}

interface Comparison {
  readonly field: string;
  readonly operator: string;
  readonly literal: string;
}

function toClause({ field, operator, literal }: Comparison, fields: FilterFields): Filter {
  const kind = Object.hasOwn(fields, field) ? fields[field] : undefined;
  switch (kind) {
    case undefined:
      throw badRequest(`The property '${field}' cannot be used in the $filter query option.`);
    case 'instant':
      return toInstantClause({ field, operator, literal });
    case 'text':
      return toTextClause({ field, operator, literal });
  }
}

function toInstantClause({ field, operator, literal }: Comparison): Filter {
  const wanted = toTicks(literal) === undefined ? undefined : toSortable(literal);
  if (wanted === undefined) {
    throw badRequest(`'${literal}' is not an Edm.DateTimeOffset, which '${field}' compares with.`);
  }
  return (record) => {
    const actual = toSortable(String(record[field]));
    return actual !== undefined && compares(operator, actual, wanted);
  };
}

function toTextClause({ field, operator, literal }: Comparison): Filter {
  const quoted = /^'(.*)'$/s.exec(literal)?.[1];
  if ((quoted === undefined && literal !== 'null') || !/^(eq|ne)$/.test(operator)) {
    throw badRequest(`'${field}' can only be compared with a string, by eq or ne.`);
  }
  const wanted = quoted === undefined ? null : quoted.replaceAll("''", "'");
  return (record) => ((record[field] ?? null) === wanted) === (operator === 'eq');
}

function compares(operator: string, actual: string, wanted: string): boolean {
  switch (operator) {
    case 'gt':
      return actual > wanted;
    case 'ge':
      return actual >= wanted;
    case 'lt':
      return actual < wanted;
    case 'le':
      return actual <= wanted;
    case 'ne':
      return actual !== wanted;
    default:
      return actual === wanted;
  }
}

/** Refuses every `$` query option that the surface does not allow. */
export function refuseOtherOptions(query: URLSearchParams, allowed: readonly string[]): void {
  const other = [...query.keys()].find((name) => name.startsWith('$') && !allowed.includes(name));
  if (other) throw badRequest(`Query option '${other}' is not allowed.`);
}

/** How far a list can be paged: the page size is also the most that `$top` may be. */
interface PageLimits {
  readonly pageSize: number;
  readonly skipCeiling: number;
}

/** The page that `$skip` and `$top` ask for. */
export function parsePage(
  query: URLSearchParams,
  { pageSize, skipCeiling }: PageLimits,
): { skip: number; top: number } {
  const skip = parseCount(query, '$skip') ?? 0;
  const top = parseCount(query, '$top') ?? pageSize;
  checkLimit('Top', top, pageSize);
  checkLimit('Skip', skip, skipCeiling);
  return { skip, top };
}

function checkLimit(name: 'Top' | 'Skip', value: number, limit: number): void {
  if (value <= limit) return;
  throw badRequest(
    `The limit of '${limit}' for ${name} query has been exceeded. The value from the incoming request is '${value}'.`,
  );
}

function parseCount(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  if (!/^\d{1,9}$/.test(text)) {
    throw badRequest(`Invalid value '${text}' for ${name} query option found.`);
  }
  return Number(text);
}

/** The absolute address of the page that starts at `skip`, every other option unchanged. */
export function toNextLink(url: URL, skip: number): string {
  const next = new URL(url);
  next.searchParams.set('$skip', String(skip));
  return next.href;
}
