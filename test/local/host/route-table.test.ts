import { describe, expect, it } from 'vitest';
import { createRouteTable, splitPath } from '../../../local/host/http/route-table.ts';

function setUp(...templates: string[]) {
  const find = createRouteTable(
    templates.map((template) => ({ template, methods: ['GET'], target: template })),
  );
  return (path: string) => find('GET', splitPath(path) ?? []);
}

describe('the route table', () => {
  it.each([
    ['/a/b', 'a/b', {}],
    ['/A/B', 'a/b', {}],
    ['/a/b/', 'a/b', {}],
    ['/a/7', 'a/{n:int}', { n: '7' }],
    ['/a/x', 'a/{any}', { any: 'x' }],
    ['/a/x/y', 'a/{*rest}', { rest: 'x/y' }],
    ['/a', 'a/{*rest}', {}],
  ])('leads %s to %s', (path, target, params) => {
    const find = setUp('a/{*rest}', 'a/{any}', 'a/{n:int}', 'a/b');

    expect(find(path)).toEqual({ target, params });
  });

  it('prefers the longer of two routes that begin alike', () => {
    const find = setUp('{a}/{b?}', '{a}/{b}/{c?}');

    expect(find('/x/y')?.target).toBe('{a}/{b}/{c?}');
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
    ['/', []],
    ['/a%20b/c', ['a b', 'c']],
    ['/a%2Fb', ['a%2Fb']],
    ['/a%2fb', ['a%2fb']],
    ['/%C3%A9', ['é']],
  ])('%s is split into %j', (path, segments) => {
    expect(splitPath(path)).toEqual(segments);
  });

  it.each(['/%', '/%zz', '/%ff', '/a%00'])('%s is malformed', (path) => {
    expect(splitPath(path)).toBeUndefined();
  });
});
