import { expect, test, vi } from 'vitest';
import { createCallerBudgets } from '../../../shared/budgets/caller-budgets.ts';
import {
  createTenantResolver,
  type FindTenantOfDomain,
} from '../../../shared/tenants/tenant-name.ts';
import { createClock, MINUTE } from '../../support/clock.ts';
import { TENANT } from '../../support/tokens.ts';

function setUp() {
  const clock = createClock();
  const findTenantOfDomain = vi.fn<FindTenantOfDomain>().mockResolvedValue(TENANT);
  const budgets = createCallerBudgets(clock.now);
  const resolveTenant = createTenantResolver({ findTenantOfDomain, budgets, now: clock.now });
  return { clock, findTenantOfDomain, resolveTenant };
}

test('a GUID is taken as it is, in lower case, without asking anybody', async () => {
  const { resolveTenant, findTenantOfDomain } = setUp();
  expect(await resolveTenant(TENANT.toUpperCase())).toBe(TENANT);
  expect(findTenantOfDomain).not.toHaveBeenCalled();
});

test('a domain is asked for once, whatever its case', async () => {
  const { resolveTenant, findTenantOfDomain } = setUp();
  const names = ['Contoso.example', 'contoso.example', 'CONTOSO.EXAMPLE'];
  expect(await Promise.all(names.map((name) => resolveTenant(name)))).toEqual([
    TENANT,
    TENANT,
    TENANT,
  ]);
  expect(findTenantOfDomain.mock.calls).toEqual([['contoso.example']]);
});

test.each([
  ['contoso.example.', 'contoso.example'],
  ['MÜNCHEN.example', 'xn--mnchen-3ya.example'],
  ['例え.テスト', 'xn--r8jz45g.xn--zckzah'],
  ['contoso。example', 'contoso.example'],
])('the domain %s is looked up as %s', async (name, domain) => {
  const { resolveTenant, findTenantOfDomain } = setUp();
  expect(await resolveTenant(name)).toBe(TENANT);
  expect(findTenantOfDomain.mock.calls).toEqual([[domain]]);
});

test('a domain that nobody has is asked for again after five minutes', async () => {
  const { resolveTenant, findTenantOfDomain, clock } = setUp();
  findTenantOfDomain.mockResolvedValueOnce(undefined);
  expect(await resolveTenant('new.example')).toBeUndefined();
  expect(await resolveTenant('new.example')).toBeUndefined();
  clock.pass(5 * MINUTE);
  expect(await resolveTenant('new.example')).toBe(TENANT);
});

test('domains that a caller makes up push out no domain of a customer', async () => {
  const { resolveTenant, findTenantOfDomain } = setUp();
  await resolveTenant('contoso.example');
  findTenantOfDomain.mockResolvedValue(undefined);
  const names = Array.from({ length: 11_000 }, (_, index) => `made-up-${index}.example`);
  await Promise.all(names.map((name) => resolveTenant(name)));
  findTenantOfDomain.mockClear();
  expect(await resolveTenant('contoso.example')).toBe(TENANT);
  expect(findTenantOfDomain).not.toHaveBeenCalled();
});

test('domains that nobody has cost the budget of who asks, those of customers do not', async () => {
  const { resolveTenant, findTenantOfDomain } = setUp();
  const [caller, other] = [{ id: 'one' }, { id: 'other' }];
  for (let n = 0; n < 50; n++) await resolveTenant(`customer-${n}.example`, caller);
  findTenantOfDomain.mockResolvedValue(undefined);
  for (let n = 0; n < 20; n++) await resolveTenant(`made-up-${n}.example`, caller);
  const refused = resolveTenant('made-up-20.example', caller);
  await expect(refused).rejects.toMatchObject({ code: 'too_many_requests' });
  expect(await resolveTenant('made-up-1.example', caller)).toBeUndefined();
  expect(await resolveTenant('customer-1.example', caller)).toBe(TENANT);
  expect(await resolveTenant('made-up-20.example', other)).toBeUndefined();
});

test('the lookup of a domain fails: it is tried again, and is no absence', async () => {
  const { resolveTenant, findTenantOfDomain } = setUp();
  findTenantOfDomain.mockRejectedValueOnce(new Error('down'));
  await expect(resolveTenant('contoso.example')).rejects.toThrow('down');
  expect(await resolveTenant('contoso.example')).toBe(TENANT);
});

test.each([
  '',
  'contoso',
  '..',
  '../common',
  'a/../b.example',
  'common',
  'organizations',
  'a.example?x=1',
  'a.example#x',
  'a..example',
  '-a.example',
  'a.example/',
  'a_b.example',
  'a.example%2f..',
  '5b2f7c1e-90d4-4c6b-8a51-3f1e6a7d2b9',
  `${'a'.repeat(64)}.example`,
  '127.0.0.1',
  '127.0.0.１',
  'contoso.example..',
  'a／b.example',
  'a.example？x',
  '\u0000.example',
  'ü',
])('%j is no name of a tenant and is sent nowhere', async (name) => {
  const { resolveTenant, findTenantOfDomain } = setUp();
  await expect(resolveTenant(name)).rejects.toMatchObject({ code: 'invalid_request' });
  expect(findTenantOfDomain).not.toHaveBeenCalled();
});
