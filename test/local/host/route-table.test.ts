import { describe, expect, it } from 'vitest';
import { decodePath, encodePath, splitPath } from '../../../local/host/http/request-path.ts';
import { createRouteTable } from '../../../local/host/http/route-table.ts';

/** Functions named in the order of their templates. */
function setUp(...templates: string[]) {
  const routes = templates.map((template, index) => ({
    name: `f${index}`,
    template,
    methods: ['GET'],
    target: template,
  }));
  const find = createRouteTable(routes.toReversed());
  return (path: string) => find('GET', path);
}

describe('the route table', () => {
  it.each([
    ['/a/b', 'a/b', {}],
    ['/A/B', 'a/b', {}],
    ['/a/b/', 'a/b', {}],
    ['/a/7', 'a/{n:int}', { n: '7' }],
    ['/a/x', 'a/{any}', { any: 'x' }],
    ['/a/x/y', 'a/{*rest}', { rest: 'x/y' }],
    ['/a/x/y/', 'a/{*rest}', { rest: 'x/y/' }],
    ['/a', 'a/{*rest}', {}],
    ['/', '/', {}],
  ])('leads %s to %s', (path, target, params) => {
    const find = setUp('a/b', 'a/{n:int}', 'a/{any}', 'a/{*rest}', '/');

    expect(find(path)).toEqual({ target, params });
  });

  it.each([[['a/{any}', 'a/b']], [['{a}/{b?}', '{a}/{b}/{c?}']], [['{*all}', 'a/b']]])(
    'takes the first by name of %j, whatever is more exact',
    (templates) => {
      const find = setUp(...templates);

      expect(find('/a/b')?.target).toBe(templates[0]);
    },
  );

  it('orders names without regard to case', () => {
    const create = (name: string) => ({ name, template: name, methods: ['GET'], target: name });
    const routes = ['b', 'A'].map((name) => ({ ...create(name), template: 'same' }));

    expect(createRouteTable(routes)('GET', '/same')?.target).toBe('A');
  });

  it.each(['//a', '/a//b', '/a//', '/other', '/a/b/c'])('finds nothing for %s', (path) => {
    const find = setUp('a/{x}', 'a/{x}/d', 'a/b/{y:int?}');

    expect(find(path)).toBeUndefined();
  });
});

describe('a route template', () => {
  it.each([
    ['guid', '01234567-89ab-cdef-0123-456789ABCDEF', '01234567-89ab-cdef-0123-456789ABCDEG'],
    ['guid', '0123456789abcdef0123456789abcdef', '0123456789abcdef'],
    ['guid', '{01234567-89ab-cdef-0123-456789abcdef}', '{01234567-89ab-cdef-0123-456789abcdef'],
    ['int', '-2147483648', '2147483648'],
    ['long', '9223372036854775807', '9223372036854775808'],
    ['bool', 'True', 'yes'],
    ['alpha', 'abC', 'ab1'],
    ['length(3)', 'abc', 'abcd'],
    ['length(2,3)', 'ab', 'a'],
    ['minlength(2)', 'ab', 'a'],
    ['maxlength(2)', 'ab', 'abc'],
    ['min(5)', '5', '4'],
    ['max(5)', '5', '6'],
    ['range(1,3)', '3', '4'],
    ['regex(^\\d{{2}}:(a|b)$)', '12:A', '1:a'],
    ['int:min(5)', '5', '4'],
    ['required', 'x', ''],
  ])('lets {x:%s} take %s and not %s', (constraint, good, bad) => {
    const find = setUp(`{x:${constraint}}`);

    expect(find(`/${good}`)?.params).toEqual({ x: good });
    expect(find(`/${bad}`)).toBeUndefined();
  });

  it.each(['a/{x', '{a}.{b}', '{x=5}', '{x?}/b', '{*x}/b', '{x:nonsense}', 'a//b'])(
    '%s is refused',
    (template) => {
      expect(() => setUp(template)).toThrow(/Route|Segment/);
    },
  );
});

describe('a path', () => {
  it.each([
    ['/', '/'],
    ['/a%20b/c', '/a b/c'],
    ['/a%2Fb', '/a%2Fb'],
    ['/a%2fb', '/a%2fb'],
    ['/%C3%A9', '/é'],
    ['/%ff%zz%', '/%ff%zz%'],
    ['/%c0%af', '/%c0%af'],
    ['/%ed%a0%80', '/%ed%a0%80'],
    ['/a/./b/..', '/a/'],
    ['/../..', '/'],
    ['/%252e%252e/x', '/%2e%2e/x'],
    ['/a/.b/..c', '/a/.b/..c'],
  ])('%s is decoded to %s', (raw, decoded) => {
    expect(decodePath(raw)).toBe(decoded);
  });

  it.each(['/%00', '/a%00/..'])('%s is refused', (raw) => {
    expect(decodePath(raw)).toBeUndefined();
  });

  it.each([
    ["/a'b;c=1/+", "/a'b;c=1/+"],
    ['/a b€', '/a%20b%E2%82%AC'],
    ['/a%2Fb%', '/a%2Fb%25'],
    ['/"<[{|\\?#', '/%22%3C%5B%7B%7C%5C%3F%23'],
  ])('%s is encoded to %s', (decoded, encoded) => {
    expect(encodePath(decoded)).toBe(encoded);
  });

  it.each([
    ['/', []],
    ['/a/b/', ['a', 'b']],
    ['/a//', ['a', '']],
  ])('%s is split into %j', (path, segments) => {
    expect(splitPath(path)).toEqual(segments);
  });
});
