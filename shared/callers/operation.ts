import { isGuid } from '../guid.ts';

/** The methods that the proxy forwards. */
export const PROXY_METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

/** A method that the proxy forwards. */
export type ProxyMethod = (typeof PROXY_METHODS)[number];

/** A call of an API, as rules look at it. */
export interface Operation {
  readonly method: ProxyMethod;
  /** The path's segments, decoded once: `['api', 'incidents', '1']`. */
  readonly segments: readonly string[];
}

/**
 * A pattern of calls in a rule: `GET /api/incidents*`.
 *
 * It is compared segment by segment and without regard to case, never as a text: `/api/incidents*`
 * is `/api/incidents` and all below it, but not `/api/incidentsX`. `/api/machines/*` is all below
 * `/api/machines`, without itself, and `/*` everything. A `*` in the middle is one segment,
 * whatever it says: `/api/machines/*` followed by `/logonusers`. OData's other spellings of one
 * path are one: `incidents('1')` is `incidents/1`, and `microsoft.graph.security.runHuntingQuery`
 * is `runHuntingQuery`.
 */
interface OperationPattern {
  readonly method: ProxyMethod;
  /** In lower case; `*` stands for one segment. */
  readonly segments: readonly string[];
  /** Whether what is below matches too: not at all, with the path itself, or without it. */
  readonly below: 'none' | 'self' | 'only';
}

const PATTERN = /^(?<method>[A-Z]+) (?<path>\/[\w.~$@:,;=&+!()'*/-]*)$/;

const MAX_PATTERN_LENGTH = 200;

/** Parses a pattern; `undefined`: it can't be meant. */
export function findOperationPattern(text: string): OperationPattern | undefined {
  const { method: name, path = '' } = PATTERN.exec(text)?.groups ?? {};
  const method = PROXY_METHODS.find((known) => known === name);
  if (!method || text.length > MAX_PATTERN_LENGTH) return undefined;
  if (path === '/*') return { method, segments: [], below: 'only' };
  const below = parseBelow(path);
  const segments = path.slice(1, below === 'none' ? undefined : BELOW_CUT[below]).split('/');
  if (!segments.every(isPatternSegment)) return undefined;
  return { method, segments: toParts({ method, segments }).map(({ text }) => text), below };
}

/** Whether a call is one of those that the pattern means. */
export function matchesOperation(pattern: OperationPattern, operation: Operation): boolean {
  const parts = toParts(operation).map(({ text }) => ({ text, isOptional: false }));
  return pattern.method === operation.method && matches(pattern, parts);
}

/**
 * Whether an API could take a call for one of those that the pattern means: for rules that deny. A
 * key, the arguments of a function, the name of a type or what follows a semicolon may say nothing
 * to it: `runHuntingQuery(x=1)` could be `runHuntingQuery`, `incidents;x=1` could be `incidents`,
 * and so could `incidents/microsoft.graph.security.incident`. Nor may the second segment:
 * `/v1.0/myorganization/users` is `/v1.0/users`, `/api/v1.0/machines` is `/api/machines`.
 */
export function couldBeOperation(pattern: OperationPattern, operation: Operation): boolean {
  const { method } = operation;
  const segments = operation.segments.map((segment) =>
    segment.normalize('NFKC').replace(/;.*$/s, ''),
  );
  const [first, second, ...rest] = toParts({ method, segments });
  if (!first) return false;
  const place = second && isPlace(first.text, second.text) ? [asOptional(second)] : [second];
  const parts = [first, ...place, ...rest].filter((part) => part !== undefined);
  return pattern.method === method && matches(withoutPlace(pattern), parts);
}

const VERSION = /^(?:v\d+(?:\.\d+)*|beta)$/;

/**
 * Whether a second segment says no more than which version of the API or which tenant is meant: the
 * newest, and the token's, where it is left out.
 */
function isPlace(first: string, second: string): boolean {
  if (first === 'api') return VERSION.test(second);
  const isTenant = second === 'myorganization' || second.includes('.') || isGuid(second);
  return VERSION.test(first) && isTenant;
}

function asOptional({ text }: Part): Part {
  return { text, isOptional: true };
}

function withoutPlace(pattern: OperationPattern): OperationPattern {
  const [first = '', second = '', ...rest] = pattern.segments;
  return isPlace(first, second) ? { ...pattern, segments: [first, ...rest] } : pattern;
}

/** A segment of a call in lower case, and whether a reader may pass over it. */
interface Part {
  readonly text: string;
  readonly isOptional: boolean;
}

/** Follows all readings at once: each is the number of the pattern's segments that it has met. */
function matches({ segments, below }: OperationPattern, parts: readonly Part[]): boolean {
  let readings: ReadonlySet<number> = new Set([0]);
  for (const { text, isOptional } of parts) {
    const next = new Set<number>();
    for (const met of readings) {
      const wanted = segments[met];
      if (wanted === undefined && below !== 'none') return true;
      if (wanted === '*' || wanted === text) next.add(met + 1);
      if (isOptional) next.add(met);
    }
    readings = next;
  }
  return below !== 'only' && readings.has(segments.length);
}

function toParts({ segments }: Operation): readonly Part[] {
  return segments.flatMap(toComparable);
}

/** How much of the pattern's end says that what is below is meant: `*`, or `/*`. */
const BELOW_CUT = { self: -1, only: -2 } as const;

function parseBelow(path: string): OperationPattern['below'] {
  if (path.endsWith('/*')) return 'only';
  return path.endsWith('*') ? 'self' : 'none';
}

function isPatternSegment(segment: string): boolean {
  if (segment === '*') return true;
  return segment !== '' && segment !== '.' && segment !== '..' && !segment.includes('*');
}

const KEYED = /^([^()]+)\((.*)\)$/;
const QUALIFIED = /^microsoft\.(?:[\w-]+\.)+/;

/**
 * The segments that one segment stands for: a key in parentheses is one of its own, a namespace
 * says nothing.
 */
function toComparable(segment: string): readonly Part[] {
  const lower = segment.toLowerCase();
  const [, name = lower, key = ''] = KEYED.exec(lower) ?? [];
  const text = name.replace(QUALIFIED, '');
  const named = { text, isOptional: text !== name };
  if (key === '') return [named];
  return [named, { text: key.replace(/^'(.*)'$/, '$1'), isOptional: true }];
}
