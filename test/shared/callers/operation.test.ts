import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  couldBeOperation,
  findOperationPattern,
  matchesOperation,
  type Operation,
  PROXY_METHODS,
} from '../../../shared/callers/operation.ts';
import { runs } from '../../support/runs.ts';

function toOperation(text: string): Operation {
  const [name, path = ''] = text.split(' ');
  const method = PROXY_METHODS.find((known) => known === name);
  if (!method) throw new Error(`${name} is no method.`);
  return { method, segments: path.slice(1).split('/').map(decodeURIComponent) };
}

function matches(pattern: string, call: string): boolean {
  const parsed = findOperationPattern(pattern);
  if (!parsed) throw new Error(`${pattern} is no pattern.`);
  return matchesOperation(parsed, toOperation(call));
}

test.each([
  ['GET /api/incidents', 'GET /api/incidents', true],
  ['GET /api/incidents', 'GET /api/incidents/1', false],
  ['GET /api/incidents*', 'GET /api/incidents', true],
  ['GET /api/incidents*', 'GET /api/incidents/1/alerts', true],
  ['GET /api/incidents*', 'GET /api/incidentsX', false],
  ['GET /api/incidents*', 'GET /api', false],
  ['GET /api/incidents*', 'PATCH /api/incidents/1', false],
  ['GET /api/machines/*', 'GET /api/machines', false],
  ['GET /api/machines/*', 'GET /api/machines/1/alerts', true],
  ['GET /api/machines/*/alerts', 'GET /api/machines/1/alerts', true],
  ['GET /api/machines/*/alerts', 'GET /api/machines/1/x/alerts', false],
  ['GET /api/machines/*/alerts', 'GET /api/machines/alerts', false],
  ['GET /*', 'GET /v1.0/users', true],
  ['GET /*', 'POST /v1.0/users', false],
  ['GET /API/Incidents', 'GET /api/iNCIDENTS', true],
  ['GET /api/incidents', 'GET /api/%69ncidents', true],
  ['GET /v1.0/security/incidents/*', "GET /v1.0/security/incidents('1')", true],
  ['GET /v1.0/security/incidents*', "GET /v1.0/security/incidents('1')", true],
  ["GET /v1.0/security/incidents('1')", 'GET /v1.0/security/incidents/1', true],
  ['GET /v1.0/security/incidents', "GET /v1.0/security/incidents('1')", false],
  [
    'POST /v1.0/security/runHuntingQuery',
    'POST /v1.0/security/microsoft.graph.security.runHuntingQuery',
    true,
  ],
  [
    'POST /v1.0/security/runHuntingQuery',
    'POST /v1.0/security/microsoft.graph.security.runHuntingQuery()',
    true,
  ],
])('%s and %s: %s', (pattern, call, expected) => {
  expect(matches(pattern, call)).toBe(expected);
});

test.each([
  '',
  'GET',
  'GET api/incidents',
  'get /api/incidents',
  'HEAD /api',
  '* /api',
  'GET /',
  'GET  /api',
  'GET /api//x',
  'GET /api/',
  'GET /api/../x',
  'GET /api/%69ncidents',
  'GET /api?x=1',
  'GET /api/in*dents',
  'GET /api/*x',
  'GET /api/x**',
  'GET /api\\x',
  `GET /${'x'.repeat(300)}`,
])('%j is no pattern', (text) => {
  expect(findOperationPattern(text)).toBeUndefined();
});

const segment = fc.stringMatching(/^[a-z][a-z0-9]{0,5}$/);
const segments = fc.array(segment, { minLength: 1, maxLength: 5 });
const method = fc.constantFrom(...PROXY_METHODS);

/** A pattern's path with some segments replaced by `*`, and how it ends. */
const patterns = fc.record({
  method,
  parts: fc.array(fc.oneof({ weight: 3, arbitrary: segment }, fc.constant('*')), {
    minLength: 1,
    maxLength: 4,
  }),
  end: fc.constantFrom('', '*', '/*'),
});

/** The rule in other words: a regular expression over the joined segments. */
function toReference(parts: readonly string[], end: string): RegExp {
  const own = parts.map((part) => (part === '*' ? '[^/]+' : part)).join('/');
  const below = { '': '', '*': '(?:/.+)?', '/*': '/.+' }[end];
  return new RegExp(`^${own}${below}$`);
}

test('a pattern matches what its description in other words matches', () => {
  const property = fc.property(patterns, method, segments, (pattern, asked, path) => {
    const { parts, end } = pattern;
    fc.pre(!(parts.at(-1) === '*' && end !== ''));
    // A last `*` means everything below, as the end `/*` does.
    const [own, ending] = parts.at(-1) === '*' ? [parts.slice(0, -1), '/*'] : [parts, end];
    fc.pre(own.length > 0);
    const parsed = findOperationPattern(`${pattern.method} /${own.join('/')}${ending}`);
    const expected = asked === pattern.method && toReference(own, ending).test(path.join('/'));
    const actual = parsed && matchesOperation(parsed, { method: asked, segments: path });
    expect(actual).toBe(expected);
  });
  fc.assert(property, { numRuns: runs(667) });
});

test('neither capitals, nor a key’s spelling, nor a namespace change what a call is', () => {
  const property = fc.property(patterns, segments, fc.nat(), (pattern, path, at) => {
    const parsed = findOperationPattern(
      `${pattern.method} /${[...pattern.parts, 'x'].join('/')}${pattern.end}`,
    );
    if (!parsed) throw new Error('It is a pattern.');
    const index = at % path.length;
    const keyed = [
      ...path.slice(0, index),
      `${path[index]}('${path[index + 1] ?? 'k'}')`,
      ...path.slice(index + 2),
    ];
    const plain = path[index + 1] === undefined ? [...path, 'k'] : path;
    const shouted = plain.map((part) => part.toUpperCase());
    const qualified = plain.map((part) => `microsoft.graph.security.${part}`);
    const decisions = [plain, keyed, shouted, qualified].map((spelled) =>
      matchesOperation(parsed, { method: pattern.method, segments: spelled }),
    );
    expect(new Set(decisions).size).toBe(1);
  });
  fc.assert(property, { numRuns: runs(334) });
});

function couldBe(pattern: string, call: string): boolean {
  const parsed = findOperationPattern(pattern);
  if (!parsed) throw new Error(`${pattern} is no pattern.`);
  return couldBeOperation(parsed, toOperation(call));
}

const HUNT = 'POST /v1.0/security/runHuntingQuery';
const INCIDENTS = 'GET /v1.0/security/incidents';

test.each([
  [HUNT, `${HUNT}(x=1)`],
  [HUNT, "POST /v1.0/security/microsoft.graph.security.runHuntingQuery(a='(')"],
  [HUNT, `${HUNT}(x)()`],
  [HUNT, `${HUNT};x=1`],
  [`${INCIDENTS}*`, `${INCIDENTS};a=b/1`],
  [INCIDENTS, `${INCIDENTS}/microsoft.graph.security.incident`],
  [`${INCIDENTS}/*/alerts`, `${INCIDENTS}/1/microsoft.graph.security.incident/alerts`],
  [`${INCIDENTS}/*/alerts`, `${INCIDENTS}/microsoft.graph.security.incident('1')/alerts`],
  [`${INCIDENTS}*`, `${INCIDENTS}('1(2)')`],
  [`${INCIDENTS}*`, `${INCIDENTS}('1')('2')`],
  [INCIDENTS, 'GET /v1.0/myOrganization/security/incidents'],
  ['GET /v1.0/myorganization/users*', 'GET /v1.0/users/1'],
  [INCIDENTS, 'GET /v1.0/1a1ebd8a-0000-4000-8000-000000000001/security/incidents'],
  [INCIDENTS, 'GET /v1.0/contoso.example/security/incidents'],
  ['POST /api/machines/*/isolate', 'POST /api/v1.0/machines/1/isolate'],
  ['POST /api/v1.0/machines/*/isolate', 'POST /api/machines/1/isolate'],
  ['POST /api/machines/*/isolate', 'POST /API/V2/machines/1/isolate'],
  [INCIDENTS, 'GET /v1.0/security/\uff49ncidents'],
])('a rule that denies %s means %s, too', (pattern, call) => {
  expect(couldBe(pattern, call)).toBe(true);
});

test.each([
  [HUNT, 'POST /v1.0/security/runHuntingQueryX(x=1)'],
  [INCIDENTS, `${INCIDENTS}/1`],
  [INCIDENTS, 'GET /v1.0/security'],
  [`${INCIDENTS}/*`, INCIDENTS],
  ['GET /v1.0/users', 'GET /v1.0/users/1a1ebd8a-0000-4000-8000-000000000001'],
  ['GET /v1.0/users', 'GET /v1.0/groups/myorganization/users'],
  ['GET /api/machines', 'GET /api/alerts/v1.0/machines'],
])('a rule that denies %s does not mean %s', (pattern, call) => {
  expect(couldBe(pattern, call)).toBe(false);
});

test('a rule that denies an operation means its other spellings, too: whatever it matches, at any length', () => {
  const property = fc.property(patterns, method, segments, (pattern, asked, path) => {
    const parsed = findOperationPattern(
      `${pattern.method} /${[...pattern.parts, 'x'].join('/')}${pattern.end}`,
    );
    if (!parsed) throw new Error('It is a pattern.');
    const operation = { method: asked, segments: path };
    expect(couldBeOperation(parsed, operation) || !matchesOperation(parsed, operation)).toBe(true);
  });
  fc.assert(property);
  const stars = findOperationPattern(`GET ${'/*'.repeat(90)}/x`);
  const call = { method: 'GET', segments: Array.from({ length: 4000 }, () => "a('1')") } as const;
  expect(stars && couldBeOperation(stars, call)).toBe(false);
});
