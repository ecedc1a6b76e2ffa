import { expect, test } from 'vitest';
import { OPERATORS, operatorIdOf } from '../../local/sandbox/partner.ts';
import { startEnvironment } from './set-up.ts';

const { sandbox, operator, playbook, onboard, logs } = await startEnvironment();
const contoso = (await onboard('Contoso')).tenant.tenantId;
const fabrikam = (await onboard('Fabrikam')).tenant.tenantId;
const PLAYBOOK = sandbox.partner.tools.playbook.clientId;
const UNKNOWN = '00000000-0000-4000-8000-000000000000';
const ALLOW = { id: 'all', effect: 'allow', tenants: ['*'], resources: ['*'] };

function grant(...rules: readonly unknown[]) {
  return operator.call('PUT', `/callers/${PLAYBOOK}`, { rules });
}

async function statusOf(tenant: string, resource = 'defender-xdr') {
  return (await playbook.call('POST', `/tenants/${tenant}/token`, { resource })).status;
}

function simulate(body: Record<string, unknown>) {
  return operator.call('POST', '/policy/simulate', { caller: PLAYBOOK, ...body });
}

test('grants are kept, shown, listed and replaced as a whole', async () => {
  const path = `/callers/${UNKNOWN.toUpperCase()}`;
  const rules = [{ ...ALLOW, tenants: [contoso.toUpperCase(), contoso, 'tag:gold'] }];
  const created = await operator.call('PUT', path, { display_name: 'SOAR', rules });
  const record = {
    caller: UNKNOWN,
    display_name: 'SOAR',
    mode: 'enforce',
    rules: [{ ...ALLOW, tenants: [contoso, 'tag:gold'] }],
    created_at: expect.any(String),
    updated_at: expect.any(String),
  };
  expect(created).toMatchObject({ status: 201, body: record });
  expect(await operator.call('GET', path)).toMatchObject({ status: 200, body: record });
  const replaced = await operator.call('PUT', path, { mode: 'audit', rules: [ALLOW] });
  expect(replaced).toMatchObject({ status: 200, body: { mode: 'audit', rules: [ALLOW] } });
  expect(replaced.body.display_name).toBeUndefined();
  const { body } = await operator.call('GET', '/callers');
  const ids = body.value.map(({ caller }: { caller: string }) => caller);
  const tools = Object.values(sandbox.partner.tools).map(({ clientId }) => clientId);
  const people = Object.keys(OPERATORS).map(operatorIdOf);
  expect(ids).toEqual([UNKNOWN, ...tools, ...people].toSorted());
  expect((await operator.call('DELETE', path)).status).toBe(200);
  expect(await operator.call('GET', path)).toMatchObject({
    status: 404,
    body: { error: 'caller_not_found', remedy: expect.any(String) },
  });
});

test('a caller has no grant for the tenant and API: it gets what is granted, and nothing else', async () => {
  await grant({ ...ALLOW, tenants: [contoso], resources: ['defender-xdr'] });
  expect([await statusOf(contoso), await statusOf(contoso, 'graph')]).toEqual([200, 403]);
  expect(await statusOf(fabrikam)).toBe(403);
});

test('a caller asks for an unknown tenant: it is answered like a forbidden one', async () => {
  await grant({ ...ALLOW, tenants: [contoso] });
  const answers = await Promise.all(
    [fabrikam, UNKNOWN, 'nobody.example'].map((name) =>
      playbook.call('POST', `/tenants/${name}/token`),
    ),
  );
  const bodies = answers.map(({ status, body }) => ({ status, ...body, correlation_id: '' }));
  expect(new Set(bodies.map((body) => JSON.stringify(body))).size).toBe(1);
  expect(bodies[0]).toMatchObject({ status: 403, error: 'access_denied', owner: 'partner' });
});

test('a tag change takes effect at once', async () => {
  await grant({ ...ALLOW, tenants: ['tag:gold'] });
  expect(await statusOf(fabrikam)).toBe(403);
  await operator.call('PATCH', `/tenants/${fabrikam}`, { tags: ['gold'] });
  expect(await statusOf(fabrikam)).toBe(200);
  await operator.call('PATCH', `/tenants/${fabrikam}`, { tags: [] });
  expect(await statusOf(fabrikam)).toBe(403);
});

test('grants are in audit mode: served, and logged what would be refused', async () => {
  const rules = [ALLOW, { ...ALLOW, id: 'not-contoso', effect: 'deny', tenants: [contoso] }];
  await operator.call('PUT', `/callers/${PLAYBOOK}`, { mode: 'audit', rules });
  expect([await statusOf(contoso), await statusOf(contoso), await statusOf(fabrikam)]).toEqual([
    200, 200, 200,
  ]);
  const said = logs.filter(({ message }) => message.includes('policy.would_deny'));
  expect(said.map(({ message }) => JSON.parse(message))).toEqual([
    expect.objectContaining({ caller: PLAYBOOK, tenant: contoso, rule: 'not-contoso' }),
  ]);
});

test('a simulation says what a caller would get, why, and by which tags', async () => {
  await operator.call('PATCH', `/tenants/${contoso}`, { tags: ['gold'] });
  const deny = { ...ALLOW, id: 'no-graph', effect: 'deny', tenants: ['tag:gold'] };
  await grant(ALLOW, { ...deny, resources: ['graph'] });
  expect((await simulate({ tenant: 'contoso.example', resource: 'graph' })).body).toEqual({
    caller: PLAYBOOK,
    allowed: false,
    rule: 'no-graph',
    why: 'The rule no-graph denies it.',
    mode: 'enforce',
    tenant_id: contoso,
    tenant_exists: true,
    tenant_status: 'active',
    tags: ['gold'],
  });
  expect((await simulate({ tenant: contoso })).body).toMatchObject({ allowed: true, rule: 'all' });
});

test('incidents are simulated like an API, and a rule for tokens does not grant them', async () => {
  const question = { tenant: contoso, resource: 'incidents' };
  await grant({ ...ALLOW, id: 'read', resources: ['incidents'] });
  expect((await simulate(question)).body).toMatchObject({ allowed: true, rule: 'read' });
  expect((await simulate({ tenant: contoso })).body).toMatchObject({ rule: 'default:deny' });
  await grant({ ...ALLOW, id: 'tokens', resources: ['defender-xdr'] });
  expect((await simulate(question)).body).toMatchObject({ allowed: false, rule: 'default:deny' });
  await grant(ALLOW);
});

test.each([
  [{ tenant: 'nobody.example' }, 200, { allowed: false, tenant_exists: false }],
  [{ tenant: UNKNOWN }, 200, { allowed: false, tenant_exists: false, tenant_id: UNKNOWN }],
  [{ tenant: contoso, caller: UNKNOWN }, 200, { allowed: false, why: 'The caller has no grants.' }],
  [{ tenant: contoso, caller: 'playbook' }, 400, { error: 'invalid_request' }],
  [{ tenant: contoso, resource: 'mail' }, 400, { error: 'invalid_target' }],
  [{}, 400, { error: 'invalid_request' }],
])('the simulation of %j answers %i', async (question, status, body) => {
  expect(await simulate(question)).toMatchObject({ status, body });
});

test.each<[string, readonly unknown[], string]>([
  ['no rule', [], 'The parameter rules is empty.'],
  [
    'more than 200 rules',
    Array.from({ length: 201 }, (_, i) => ({ ...ALLOW, id: `r${i}` })),
    'The parameter rules holds more than 200 rules.',
  ],
  [
    '10,000 rules',
    Array.from({ length: 10_000 }, (_, i) => ({ ...ALLOW, id: `r${i}` })),
    'The body is larger than 32768 bytes.',
  ],
  ['one id twice', [ALLOW, ALLOW], 'Two rules have the id all.'],
  ['an odd id', [{ ...ALLOW, id: 'a:b' }], 'The parameter rules.0.id is not acceptable.'],
  [
    'a GUID as id',
    [{ ...ALLOW, id: '5d0b7a61-2c4f-4f7e-9a34-0c1d2e3f4a5b' }],
    'The parameter rules.0.id is not acceptable.',
  ],
  ['no tenant', [{ ...ALLOW, tenants: [] }], 'The rule all has no tenants or no resources.'],
  ['no resource', [{ ...ALLOW, resources: [] }], 'The rule all has no tenants or no resources.'],
  [
    'an unknown tenant',
    [{ ...ALLOW, tenants: [UNKNOWN] }],
    'The rule all names a tenant that the broker does not know.',
  ],
  [
    'a wildcard inside a GUID',
    [{ ...ALLOW, tenants: [`${contoso.slice(0, 8)}*`] }],
    'The rule all has a wildcard inside a tenant.',
  ],
  [
    'a domain',
    [{ ...ALLOW, tenants: ['contoso.example'] }],
    'The rule all names a tenant by something else than its id.',
  ],
  [
    'an odd tag',
    [{ ...ALLOW, tenants: ['tag:Gold*'] }],
    'The rule all names a tag that no tenant can have.',
  ],
  [
    'an unknown resource',
    [{ ...ALLOW, resources: ['mail'] }],
    'The rule all names a resource that the broker does not know.',
  ],
  [
    'an unknown effect',
    [{ ...ALLOW, effect: 'maybe' }],
    'The parameter rules.0.effect is not acceptable.',
  ],
])('grants with %s are refused by name, and what was granted stays', async (_, rules, text) => {
  const before = (await operator.call('GET', `/callers/${PLAYBOOK}`)).body;
  expect(await grant(...rules)).toMatchObject({
    status: 400,
    body: {
      error: 'invalid_request',
      error_description: text,
      owner: 'caller',
      remedy: expect.any(String),
    },
  });
  expect((await operator.call('GET', `/callers/${PLAYBOOK}`)).body).toEqual(before);
});

test('a caller is named by a GUID', async () => {
  for (const method of ['GET', 'PUT', 'DELETE']) {
    const body = method === 'PUT' ? { rules: [ALLOW] } : undefined;
    expect(await operator.call(method, '/callers/playbook', body)).toMatchObject({
      status: 400,
      body: { error: 'invalid_request' },
    });
  }
});
