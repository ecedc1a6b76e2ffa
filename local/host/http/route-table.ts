import { splitPath } from './request-path.ts';
import { parseTemplate, type Segment } from './route-template.ts';

/** A function's route. */
interface Route<T> {
  /** Of the function: it decides which of two routes is tried first. */
  readonly name: string;
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

/** Finds the route for a method and a decoded path. */
type FindRoute<T> = (method: string, path: string) => RouteMatch<T> | undefined;

/**
 * Compiles routes into a lookup as the host's: the first that matches in the order of the
 * functions' names, whatever its template is like. With `a: things/{id}` and `b: things/new`,
 * nothing ever reaches `b`. The method belongs to the route, so a method that nobody declared finds
 * nothing.
 */
export function createRouteTable<T>(routes: readonly Route<T>[]): FindRoute<T> {
  const compiled = routes
    .map((route) => ({ ...route, segments: parseTemplate(route.template) }))
    .sort((a, b) => compareNames(a.name, b.name));
  return (method, path) => {
    const segments = splitPath(path);
    const lower = segments.map((segment) => segment.toLowerCase());
    for (const route of compiled) {
      if (!route.methods.includes(method) || !hasLiterals(route.segments, lower)) continue;
      const params = bindParameters(route.segments, segments, path.endsWith('/'));
      if (params) return { target: route.target, params };
    }
    return undefined;
  };
}

/** The order in which the host looks at functions: by name, without regard to case. */
export function compareNames(left: string, right: string): number {
  const [a, b] = [left.toUpperCase(), right.toUpperCase()];
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function hasLiterals(segments: readonly Segment[], lower: readonly string[]): boolean {
  return segments.every(
    (segment, index) => segment.kind !== 'literal' || segment.text === lower[index],
  );
}

function bindParameters(
  template: readonly Segment[],
  segments: readonly string[],
  endsWithSlash: boolean,
) {
  if (segments.length > template.length && template.at(-1)?.kind !== 'catchAll') return undefined;
  const params: Record<string, string> = {};
  for (const [index, segment] of template.entries()) {
    if (segment.kind === 'literal' || (index >= segments.length && segment.optional)) continue;
    const tail = toTail(segments.slice(index), endsWithSlash);
    const value = segment.kind === 'catchAll' ? tail : (segments[index] ?? '');
    if (value === '' || !segment.constraints.every((allows) => allows(value))) return undefined;
    params[segment.name] = value;
  }
  return params;
}

function toTail(segments: readonly string[], endsWithSlash: boolean): string {
  return `${segments.join('/')}${endsWithSlash ? '/' : ''}`;
}
