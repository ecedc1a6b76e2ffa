import { expect, test } from 'vitest';
import { findOverlaps } from './route-overlaps.ts';

function toTable(...targets: string[]) {
  return targets.map((target, index) => {
    const [methods = '', route = ''] = target.split(' ');
    return { name: `f${index}`, route, methods: methods.split(',') };
  });
}

const PROXY = 'GET,POST api/tenants/{tenant}/apis/{resource}/{*path}';

test.each([
  [['GET a/{id}', 'GET a/new']],
  [['GET a/{id}', 'GET {x}/b']],
  [['GET a/b', 'HEAD,GET A/B/']],
  [['GET a/{id:guid}', 'GET a/{name}']],
  [['GET a/{id?}', 'GET a']],
  [['GET a', 'GET a/{id?}']],
  [[PROXY, 'POST api/tenants/{tenant}/apis/{resource}']],
  [[PROXY, 'GET api/tenants/{tenant}/apis/graph/x']],
  [[PROXY, 'GET {a}/{b}/{c}/{d}/{e}/{f}/{g}']],
])('%j overlap', (targets) => {
  expect(findOverlaps(toTable(...targets))).toEqual(['f0 and f1']);
});

test.each([
  [['GET a/{id}', 'POST a/new']],
  [['GET a/{id}', 'GET a/{id}/b']],
  [['GET api/tenants/{tenant}', 'GET {tenant}/oauth2/token']],
  [['POST api/tenants/{tenant}/token', 'POST {tenant}/oauth2/v2.0/token']],
  [['GET /', 'GET {x}']],
  [[PROXY, 'GET api/tenants/{tenant}/incidents/{id}', 'POST api/tenants/{tenant}/token']],
])('%j do not overlap', (targets) => {
  expect(findOverlaps(toTable(...targets))).toEqual([]);
});

test.each(['GET {*all}', 'GET api/tenants/{tenant}/{*path}', 'GET assets/{*file}'])(
  '%s catches all',
  (target) => {
    expect(findOverlaps(toTable(target))).toEqual(['f0 catches all']);
  },
);
