import { parseTemplate, type Segment } from './route-template.ts';

/** A route and what it leads to. */
export interface Route<T> {
  readonly template: string;
  /** In upper case. */
  readonly methods: readonly string[];
  readonly target: T;
}

/** The target of a request with its route parameters; absent optional ones are left out. */
export interface RouteMatch<T> {
  readonly target: T;
  readonly params: Readonly<Record<string, string>>;
}

/** Finds the route for a method and the segments of `splitPath`. */
export type FindRoute<T> = (
  method: string,
  segments: readonly string[],
) => RouteMatch<T> | undefined;

/**
 * Compiles routes into a lookup in the host's order: literals before parameters, more constraints
 * before fewer, catch-alls last, longer before shorter. The method belongs to the route.
 */
export function createRouteTable<T>(routes: readonly Route<T>[]): FindRoute<T> {
  const compiled = routes
    .map((route) => ({ ...route, segments: parseTemplate(route.template) }))
    .sort((a, b) => compareSegments(a.segments, b.segments));
  return (method, segments) => {
    const lower = segments.map((segment) => segment.toLowerCase());
    for (const route of compiled) {
      if (!route.methods.includes(method) || !hasLiterals(route.segments, lower)) continue;
      const params = bindParameters(route.segments, segments);
      if (params) return { target: route.target, params };
    }
    return undefined;
  };
}

/**
 * Splits a request path and decodes its segments, `undefined` when an escape is malformed. An
 * encoded slash stays `%2F`, as the real front end leaves it; one slash at the end is ignored.
 */
export function splitPath(path: string): readonly string[] | undefined {
  const trimmed = path.endsWith('/') ? path.slice(1, -1) : path.slice(1);
  if (trimmed === '') return [];
  if (!trimmed.includes('%')) return trimmed.split('/');
  try {
    const segments = trimmed.replace(/%2f/gi, (slash) => `%25${slash.slice(1)}`).split('/');
    const decoded = segments.map(decodeURIComponent);
    return decoded.some((segment) => segment.includes('\0')) ? undefined : decoded;
  } catch {
    return undefined;
  }
}

function hasLiterals(segments: readonly Segment[], lower: readonly string[]): boolean {
  return segments.every(
    (segment, index) => segment.kind !== 'literal' || segment.text === lower[index],
  );
}

function bindParameters(template: readonly Segment[], segments: readonly string[]) {
  if (segments.length > template.length && template.at(-1)?.kind !== 'catchAll') return undefined;
  const params: Record<string, string> = {};
  for (const [index, segment] of template.entries()) {
    if (segment.kind === 'literal') continue;
    if (index >= segments.length && segment.optional) continue;
    const value = valueAt(segments, index, segment.kind === 'catchAll');
    if (value === '' || !segment.constraints.every((allows) => allows(value))) return undefined;
    params[segment.name] = value;
  }
  return params;
}

function valueAt(segments: readonly string[], index: number, isCatchAll: boolean): string {
  return isCatchAll ? segments.slice(index).join('/') : (segments[index] ?? '');
}

function compareSegments(left: readonly Segment[], right: readonly Segment[]): number {
  for (const [index, a] of left.entries()) {
    const b = right[index];
    if (!b) return -1;
    const order = rank(a) - rank(b) || compareText(a, b);
    if (order !== 0) return order;
  }
  return right.length - left.length;
}

function rank(segment: Segment): number {
  if (segment.kind === 'literal') return -1000;
  return (segment.kind === 'catchAll' ? 1000 : 0) - segment.constraints.length;
}

function compareText(a: Segment, b: Segment): number {
  if (a.kind !== 'literal' || b.kind !== 'literal' || a.text === b.text) return 0;
  return a.text < b.text ? -1 : 1;
}
