import { expect, test } from 'vitest';
import { startEnvironment } from './set-up.ts';

const { operator, playbook, sandbox, onboard } = await startEnvironment();
const names = ['Contoso', 'Fabrikam', 'Adatum'];
for (const name of names) await onboard(name);
const ids = sandbox.customers
  .filter(({ name }) => names.includes(name))
  .map(({ tenant }) => tenant.tenantId)
  .toSorted();
const [first = '', second = ''] = ids;

function idsOf(body: { value: { tenant_id: string }[] }) {
  return body.value.map(({ tenant_id }) => tenant_id);
}

test('a tenant is shown with its roles and times', async () => {
  const { body } = await operator.call('GET', '/tenants/contoso.example');
  expect(body).toEqual({
    tenant_id: expect.any(String),
    etag: expect.any(String),
    display_name: 'contoso.example',
    domain: 'contoso.example',
    status: 'active',
    sync: { source: 'defender-xdr', late: true, failed_windows: [], skipped: [], remarks: [] },
    tags: [],
    resources: {
      'defender-xdr': {
        roles_granted: ['Incident.Read.All', 'AdvancedHunting.Read.All'],
        roles_missing: [],
        checked_at: expect.any(String),
      },
      graph: {
        roles_granted: ['SecurityIncident.Read.All', 'ThreatHunting.Read.All'],
        roles_missing: [],
        checked_at: expect.any(String),
      },
    },
    consented_at: expect.any(String),
    created_at: expect.any(String),
    updated_at: expect.any(String),
  });
});

test('tenants are listed in pages, in the order of their ids', async () => {
  const page = await operator.call('GET', '/tenants?limit=2');
  expect(idsOf(page.body)).toEqual(ids.slice(0, 2));
  const rest = await operator.call('GET', `/tenants?limit=2&cursor=${page.body.next_cursor}`);
  expect(idsOf(rest.body)).toEqual(ids.slice(2));
  expect(rest.body.next_cursor).toBeUndefined();
});

test('tags and names are kept, and found', async () => {
  const patch = { tags: ['gold', 'emea', 'gold'], display_name: 'Contoso Ltd' };
  const { body } = await operator.call('PATCH', `/tenants/${first}`, patch);
  expect(body).toMatchObject({
    tags: ['gold', 'emea'],
    display_name: 'Contoso Ltd',
    status: 'active',
  });
  expect(idsOf((await operator.call('GET', '/tenants?tag=gold')).body)).toEqual([first]);
  expect(idsOf((await operator.call('GET', '/tenants?tag=silver')).body)).toEqual([]);
});

test('how long its incidents are kept is set for a tenant, taken back, and audited', async () => {
  const keep = (days: number | null) =>
    operator.call('PATCH', `/tenants/${second}`, { incident_retention_days: days });
  expect((await keep(365)).body.incident_retention_days).toBe(365);
  expect((await operator.call('GET', `/tenants/${second}`)).body.incident_retention_days).toBe(365);
  expect((await keep(null)).body).not.toHaveProperty('incident_retention_days');
  const { body } = await operator.call('GET', `/audit/acts?tenant=${second}&act=tenant.patch`);
  const changes = body.value.map((event: { changes: unknown }) => event.changes);
  const field = 'tenants.incident_retention_days';
  expect(changes).toEqual([[{ field, after: '365' }], [{ field, before: '365' }]]);
});

test('a disabled tenant is refused at once, stays listed, and is proven when it is enabled', async () => {
  expect((await playbook.call('POST', `/tenants/${second}/token`)).status).toBe(200);
  await operator.call('PATCH', `/tenants/${second}`, { status: 'disabled' });
  expect(await playbook.call('POST', `/tenants/${second}/token`)).toMatchObject({
    status: 409,
    body: { error: 'tenant_disabled', owner: 'partner' },
  });
  expect(idsOf((await operator.call('GET', '/tenants?status=disabled')).body)).toEqual([second]);
  expect(await operator.call('POST', `/tenants/${second}/verify`)).toMatchObject({ status: 409 });
  const enabled = await operator.call('PATCH', `/tenants/${second}`, { status: 'active' });
  expect(enabled.body.status).toBe('active');
  expect((await playbook.call('POST', `/tenants/${second}/token`)).status).toBe(200);
});

test('changes that cross are both kept', async () => {
  const patches = Array.from({ length: 6 }, (_, i) =>
    operator.call('PATCH', `/tenants/${first}`, i % 2 ? { tags: ['a'] } : { display_name: 'B' }),
  );
  const statuses = (await Promise.all(patches)).map(({ status }) => status);
  expect(new Set(statuses)).toEqual(new Set([200]));
  const { body } = await operator.call('GET', `/tenants/${first}`);
  expect([body.tags, body.display_name]).toEqual([['a'], 'B']);
});

test.each([
  ['PATCH', { status: 'offboarded' }],
  ['PATCH', { status: 'verifying' }],
  ['PATCH', { tags: ['UPPER'] }],
  ['PATCH', { tags: ['1a1ebd8a-0000-4000-8000-000000000000'] }],
  ['PATCH', { tags: ['1a1ebd8a000040008000000000000000'] }],
  ['PATCH', { tags: 'gold' }],
  ['PATCH', { tags: Array.from({ length: 21 }, (_, i) => `t${i}`) }],
  ['PATCH', { incident_retention_days: 29 }],
  ['PATCH', { incident_retention_days: 3651 }],
  ['PATCH', { incident_retention_days: 90.5 }],
  ['PATCH', { incident_retention_days: '90' }],
  ['PATCH', { display_name: '' }],
  ['PATCH', { unknown: 1 }],
  ['PATCH', {}],
  ['PATCH', 'text'],
])('%s %j is refused', async (method, body) => {
  expect(await operator.call(method, `/tenants/${first}`, body)).toMatchObject({
    status: 400,
    body: { error: 'invalid_request', owner: 'caller' },
  });
});

test.each(['limit=0', 'limit=501', 'limit=x', 'cursor=x', 'status=gone'])(
  'GET /tenants?%s is refused',
  async (query) => {
    const { status, body } = await operator.call('GET', `/tenants?${query}`);
    expect([status, body.error]).toEqual([400, 'invalid_request']);
  },
);

test.each([
  [{ tenant: 'nobody.example' }],
  [{ tenant: 'not a domain' }],
  [{ flow: 'implicit' }],
  [{ expires_in: 1 }],
  [{ expires_in: 99_999_999 }],
  [{ expires_in: '3600' }],
  [{ note: 'x'.repeat(201) }],
  [{ tenants: [] }],
])('the invitation %j is refused', async (body) => {
  expect(await operator.call('POST', '/invitations', body)).toMatchObject({
    status: 400,
    body: { error: 'invalid_request', remedy: expect.any(String) },
  });
});

test('an unknown tenant is not found', async () => {
  const unknown = '00000000-0000-4000-8000-000000000000';
  for (const [method, path] of [
    ['GET', `/tenants/${unknown}`],
    ['POST', `/tenants/${unknown}/verify`],
    ['PATCH', `/tenants/${unknown}`],
    ['GET', '/tenants/nobody.example'],
  ] as const) {
    expect(
      await operator.call(method, path, method === 'PATCH' ? { tags: [] } : undefined),
    ).toMatchObject({
      status: 404,
      body: { error: 'tenant_not_found' },
    });
  }
});
