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
export interface OperationPattern {
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
  return { method, segments: segments.flatMap(toComparable), below };
}

/** Whether a call is one of those that the pattern means. */
export function matchesOperation(pattern: OperationPattern, operation: Operation): boolean {
  if (pattern.method !== operation.method) return false;
  const asked = operation.segments.flatMap(toComparable);
  const extra = asked.length - pattern.segments.length;
  if (!LENGTHS[pattern.below](extra)) return false;
  return pattern.segments.every((segment, index) => segment === '*' || segment === asked[index]);
}

const LENGTHS: Readonly<Record<OperationPattern['below'], (extra: number) => boolean>> = {
  none: (extra) => extra === 0,
  self: (extra) => extra >= 0,
  only: (extra) => extra >= 1,
};

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

const KEYED = /^([^()]+)\(([^()]*)\)$/;
const QUALIFIED = /^microsoft\.(?:[\w-]+\.)+/;

/**
 * The segments that one segment stands for: a key in parentheses is one of its own, a namespace
 * says nothing.
 */
function toComparable(segment: string): readonly string[] {
  const lower = segment.toLowerCase();
  const [, name, key] = KEYED.exec(lower) ?? [];
  if (name === undefined || key === undefined) return [toBareName(lower)];
  return key === '' ? [toBareName(name)] : [toBareName(name), key.replace(/^'(.*)'$/, '$1')];
}

function toBareName(segment: string): string {
  return segment.replace(QUALIFIED, '');
}
