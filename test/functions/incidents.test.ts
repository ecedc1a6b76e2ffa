import { expect, test } from 'vitest';
import { grantConsent } from '../../local/entra/directory/grants.ts';
import { createCursorSeal } from '../../shared/incidents/cursor-seal.ts';
import { createFixedSeal } from '../support/key-ring.ts';
import { startEnvironment } from './set-up.ts';

const { sandbox, operator, playbook, onboard, customer, logs } = await startEnvironment();
const { partner, microsoft } = sandbox;
const PLAYBOOK = partner.tools.playbook.clientId;
const ALLOW = { id: 'all', effect: 'allow', tenants: ['*'], resources: ['*'] };
const UNKNOWN = '00000000-0000-4000-8000-000000000000';
const COMMENT = 'the comment of the analyst';

const contoso = await start('Contoso', true);
const fabrikam = await start('Fabrikam', true);
const adatum = await start('Adatum', false);
for (const tenant of [contoso, fabrikam]) {
  for (const id of [1001, 1002, 1003]) await take(tenant, id);
}

/** Onboards a customer with three incidents; `canWrite`: it has granted the write roles. */
async function start(name: string, canWrite: boolean): Promise<string> {
  const { tenantId } = customer(name).tenant;
  const roles = {
    'defender-xdr': ['Incident.ReadWrite.All'],
    graph: ['SecurityIncident.ReadWrite.All'],
  };
  if (canWrite) {
    grantConsent(partner.directory, { tenantId, clientId: partner.client.clientId, roles });
  }
  const at = Date.now() - 60_000;
  microsoft.incidents.createBurst(tenantId, { count: 3, from: at, to: at });
  await onboard(name);
  return tenantId;
}

function patch(tenant: string, id: number | string, body: Record<string, unknown>) {
  return operator.call('PATCH', `/tenants/${tenant}/incidents/${id}`, body);
}

/** Brings an incident into the store by changing it. */
async function take(tenant: string, id: number) {
  const { status } = await patch(tenant, id, { status: 'active', tags: [`t${id}`] });
  expect(status).toBe(200);
}

function read(path: string, client = operator) {
  return client.call('GET', path);
}

function grant(...rules: readonly unknown[]) {
  return operator.call('PUT', `/callers/${PLAYBOOK}`, { rules });
}

async function readEnd(): Promise<string> {
  return (await read('/incidents/changes?limit=500')).body.next_cursor;
}

test('a change reaches Microsoft, the store and the feed, and is in the ledger without its values', async () => {
  const cursor = await readEnd();
  const answer = await patch('contoso.example', 1001, {
    status: 'Resolved',
    classification: 'TruePositive',
    determination: 'CompromisedAccount',
    assigned_to: 'analyst@northwind.example',
    comment: COMMENT,
  });
  const changed = { status: 'resolved', determination: 'compromisedUser', tenant_id: contoso };
  expect(answer).toMatchObject({ status: 200, body: changed });
  const upstream = microsoft.incidents.findIncident({ tenantId: contoso, incidentId: 1001 });
  expect(upstream).toMatchObject({ status: 'Resolved', determination: 'CompromisedAccount' });
  const stored = (await read(`/tenants/${contoso}/incidents/1001`)).body;
  expect(stored).toMatchObject({ ...changed, raw: { incidentId: 1001 } });
  const feed = (await read(`/incidents/changes?cursor=${cursor}`)).body;
  expect(feed.value).toMatchObject([{ kind: 'updated', incident: changed }]);
  const acts = await read(`/audit/acts?tenant=${contoso}&limit=500`);
  expect(acts.body.value).toContainEqual(
    expect.objectContaining({
      act: 'incident.update',
      subject: '1001',
      detail: 'status classification determination comment assignedTo',
    }),
  );
  expect(JSON.stringify([acts.body, logs])).not.toContain(COMMENT);
});

test('incidents of all tenants are listed by tenant and newest id first, in pages', async () => {
  const all = (await read('/incidents')).body;
  const ids = all.value.map((one: { incident_id: string }) => one.incident_id);
  expect(ids).toEqual(['1003', '1002', '1001', '1003', '1002', '1001']);
  const first = (await read('/incidents?limit=4')).body;
  const second = (await read(`/incidents?limit=4&cursor=${first.next_cursor}`)).body;
  expect([...first.value, ...second.value]).toEqual(all.value);
  expect(all.value[0]).not.toHaveProperty('raw');
  expect(all.coverage.length).toBeGreaterThanOrEqual(3);
});

test.each([
  [`tenant=fabrikam.example`, 3],
  [`tenant=${adatum}`, 0],
  ['severity=informational&status=redirected', 0],
  ['severity=high,medium,low,informational,unknown', 6],
  ['status=active,resolved', 6],
  ['severity=high&severity=medium&severity=low&severity=informational', 6],
  ['updated_since=2020-01-01T00:00:00.1234567Z', 6],
  ['created_since=2099-01-01T00:00:00Z', 0],
  ['assigned_to=nobody@northwind.example', 0],
  ['tag=nobody-has-it', 0],
])('the query %s finds %i', async (query, count) => {
  expect((await read(`/incidents?${query}`)).body.value).toHaveLength(count);
});

test.each([
  ['/incidents?severity=hihg', 'severity'],
  ['/incidents?status=Active', 'status'],
  ['/incidents?colour=red', 'colour'],
  ['/incidents?limit=0', 'limit'],
  ['/incidents?limit=501', 'limit'],
  ['/incidents?updated_since=yesterday', 'updated_since'],
  ['/incidents?created_since=2026-13-01T00:00:00Z', 'created_since'],
  ['/incidents?cursor=abc', 'cursor'],
  ['/incidents/changes?since=1700000000', 'since'],
  ['/incidents/changes?severity=high,hihg', 'severity'],
  ['/incidents/changes?severity=', 'severity'],
  ['/incidents/changes?kind=removed', 'kind'],
  ['/incidents/changes?include=evidence', 'include'],
  ['/incidents?include=raw,raws', 'include'],
  ['/incidents?order=newest', 'order'],
  ['/incidents/changes?wait=31', 'wait'],
  ['/incidents/changes?wait=-1', 'wait'],
  ['/incidents/changes?limit=many', 'limit'],
  ['/incidents/changes?cursor=4711', 'cursor'],
  [`/tenants/${contoso}/incidents/abc`, 'id'],
  [`/tenants/${contoso}/incidents/1001?include=evidence`, 'include'],
])('%s is refused by the name of its parameter', async (path, name) => {
  const { status, body } = await read(path);
  expect([status, body.error, body.owner]).toEqual([400, 'invalid_request', 'caller']);
  expect(body.error_description).toContain(`The parameter ${name} `);
  expect(body.remedy).toEqual(expect.any(String));
});

test('a cursor was changed, is of another deployment or route, or older than 30 days: it is refused with its remedy', async () => {
  const cursor = await readEnd();
  const changed = `${cursor.slice(0, -4)}AAAA`;
  const feed = (await read(`/incidents/changes?cursor=${changed}`)).body;
  expect(feed.error_description).toBe('The parameter cursor was changed.');
  const list = (await read(`/incidents?cursor=${cursor}`)).body;
  expect(list.error_description).toBe('The parameter cursor is of another route.');
  const aMonthAgo = Date.now() - 31 * 24 * 60 * 60_000;
  const { seal } = createFixedSeal(sandbox.ringKey);
  const deployment = sandbox.settings.PUBLIC_BASE_URL ?? '';
  const past = createCursorSeal({ seal, deployment, now: () => aMonthAgo });
  const old = await past.seal('incident-changes', '1');
  expect((await read(`/incidents/changes?cursor=${old}`)).body).toMatchObject({
    error: 'invalid_request',
    error_description: 'The parameter cursor is older than 30 days.',
    remedy: 'Begin again: without cursor, or with since.',
  });
});

test.each([
  [{}, 'The body names nothing to change.'],
  [{ status: 'redirected' }, 'The parameter status is not acceptable.'],
  [{ severity: 'low' }, 'The parameter severity is not acceptable.'],
  [{ tags: 'one' }, 'The parameter tags is not acceptable.'],
  [{ tags: [''] }, 'The parameter tags.0 is not acceptable.'],
  [{ comment: '' }, 'The parameter comment is not acceptable.'],
  [{ determination: 'clean' }, 'A determination needs a classification.'],
  [
    { classification: 'falsePositive', determination: 'phishing' },
    'The parameter determination is not acceptable.',
  ],
])('the change %j is refused before Microsoft is asked', async (body, description) => {
  const before = microsoft.incidents.findIncident({ tenantId: fabrikam, incidentId: 1002 });
  expect(await patch(fabrikam, 1002, body)).toMatchObject({
    status: 400,
    body: { error: 'invalid_request', error_description: description },
  });
  const after = microsoft.incidents.findIncident({ tenantId: fabrikam, incidentId: 1002 });
  expect(after).toEqual(before);
});

test('an incident is changed without the write role: the role is named, with the link', async () => {
  expect(await patch(adatum, 1001, { status: 'active' })).toMatchObject({
    status: 409,
    body: {
      error: 'missing_roles',
      owner: 'customer',
      missing_roles: ['Incident.ReadWrite.All'],
      consent_url: expect.stringContaining('/consent/start?invitation='),
    },
  });
});

test('an unknown incident is 404 where the tenant is granted', async () => {
  const missing = { status: 404, body: { error: 'incident_not_found', owner: 'caller' } };
  expect(await read(`/tenants/${contoso}/incidents/999`)).toMatchObject(missing);
  expect(await patch(contoso, 999, { status: 'active' })).toMatchObject(missing);
});

test('Microsoft throttles a change: it says who is waited for and how long', async () => {
  const fault = { kind: 'throttled', retryAfterSeconds: 7, times: 1, tenantId: fabrikam } as const;
  microsoft.defender.faults.inject(fault);
  const { status, headers, body } = await patch(fabrikam, 1003, { tags: ['x'] });
  expect([status, body.error, body.owner]).toEqual([503, 'temporarily_unavailable', 'microsoft']);
  expect(headers.get('retry-after')).toBe('7');
});

test('incidents of all tenants are listed with the last updated first, in pages', async () => {
  for (const [tenant, id] of [
    [contoso, 1002],
    [fabrikam, 1001],
    [contoso, 1003],
  ] as const)
    await patch(tenant, id, { tags: [`order${Date.now()}`] });
  const all = (await read('/incidents?order=updated')).body;
  const names = all.value.map((one: { tenant_id: string; incident_id: string }) => [
    one.tenant_id,
    one.incident_id,
  ]);
  expect(names.slice(0, 3)).toEqual([
    [contoso, '1003'],
    [fabrikam, '1001'],
    [contoso, '1002'],
  ]);
  const times = all.value.map((one: { last_update_at: string }) => one.last_update_at);
  expect([times, times.length]).toEqual([times.toSorted().toReversed(), 6]);
  expect([all.coverage, all.fleet_coverage.tenants]).toEqual([[], 3]);
  const first = (await read('/incidents?order=updated&limit=4')).body;
  const second = (await read(`/incidents?order=updated&limit=4&cursor=${first.next_cursor}`)).body;
  expect([...first.value, ...second.value]).toEqual(all.value);
  expect(second.next_cursor).toBeUndefined();
});

test('the order is narrowed, and its cursor belongs to it', async () => {
  const only = (await read(`/incidents?order=updated&tenant=${fabrikam}`)).body;
  expect(new Set(only.value.map((one: { tenant_id: string }) => one.tenant_id))).toEqual(
    new Set([fabrikam]),
  );
  expect(only.fleet_coverage.tenants).toBe(1);
  const first = (await read('/incidents?order=updated&limit=1')).body;
  expect((await read(`/incidents?cursor=${first.next_cursor}`)).body.error_description).toBe(
    'The parameter cursor is of another query.',
  );
  const byTenant = (await read('/incidents?limit=1')).body.next_cursor;
  expect((await read(`/incidents?order=updated&cursor=${byTenant}`)).body.error_description).toBe(
    'The parameter cursor is of another query.',
  );
  const later = '2099-01-01T00:00:00Z';
  expect((await read(`/incidents?order=updated&updated_since=${later}`)).body.value).toEqual([]);
});

test("Microsoft's JSON and its alerts are in lists and feed when they are asked for", async () => {
  const listed = (await read(`/incidents?tenant=${contoso}&include=raw,alerts`)).body.value;
  const newest = (await read(`/incidents?order=updated&tenant=${contoso}&include=alerts`)).body;
  const feed = (await read(`/incidents/changes?tenant=${contoso}&include=raw`)).body.value;
  expect(listed).toHaveLength(3);
  expect(listed[0]).toMatchObject({ incident_id: '1003', raw: { incidentId: 1003 } });
  expect(listed[0].alerts).toEqual(listed[0].raw.alerts);
  expect(newest.value.every((one: { alerts: unknown }) => Array.isArray(one.alerts))).toBe(true);
  expect(newest.value[0]).not.toHaveProperty('raw');
  expect(feed[0].incident.raw.incidentId).toBe(Number(feed[0].incident.incident_id));
  expect(feed[0].incident).not.toHaveProperty('alerts');
});

test('an incident names its customer, and each customer how many are open', async () => {
  const { value } = (await operator.call('GET', '/incidents?order=updated&limit=100')).body;
  const [{ tenant_id, tenant_name }] = value;
  const tenant = (await operator.call('GET', `/tenants/${tenant_id}`)).body;
  expect(tenant_name).toBe(tenant.display_name);
  const { body } = await operator.call('GET', '/tenants?include=open_incidents');
  const listed = body.value.find((one: { tenant_id: string }) => one.tenant_id === tenant_id);
  const isOpen = (one: { tenant_id: string; status: string }) =>
    one.tenant_id === tenant_id && one.status !== 'resolved' && one.status !== 'redirected';
  const counts = Object.values<number>(listed.open_incidents.by_severity);
  expect(counts.reduce((sum, one) => sum + one, 0)).toBe(value.filter(isOpen).length);
  const plain = (await operator.call('GET', '/tenants')).body.value;
  expect(plain.some((one: object) => 'open_incidents' in one)).toBe(false);
});

test('an incident leads to its page in the Defender portal', async () => {
  const { body } = await read(`/tenants/${contoso}/incidents/1001`);
  expect(body.incident_url).toBe(`https://security.microsoft.com/incidents/1001?tid=${contoso}`);
});

test('a version of an incident has one key in list, feed and alone, and a change another one', async () => {
  const cursor = await readEnd();
  await patch(contoso, 1001, { tags: ['keyed'] });
  const path = `/tenants/${contoso}/incidents/1001`;
  const list = (await read(`/incidents?tenant=${contoso}`)).body.value;
  const listed = list.find((one: { incident_id: string }) => one.incident_id === '1001');
  const [change] = (await read(`/incidents/changes?cursor=${cursor}`)).body.value;
  const { dedup_key: key } = (await read(path)).body;
  expect([listed.dedup_key, change.incident.dedup_key]).toEqual([key, key]);
  await patch(contoso, 1001, { tags: ['keyed', 'again'] });
  expect((await read(path)).body.dedup_key).not.toBe(key);
});

test('the feed can be narrowed to severities and kinds, and its cursor moves past the rest', async () => {
  const cursor = await readEnd();
  await patch(contoso, 1001, { tags: ['narrow'] });
  const { severity } = (await read(`/tenants/${contoso}/incidents/1001`)).body;
  const other = severity === 'high' ? 'low,medium' : 'high';
  const path = `/incidents/changes?cursor=${cursor}`;
  const counts = await Promise.all(
    [
      `&severity=${severity},unknown&kind=updated`,
      `&severity=${other}`,
      '&kind=merged,created',
    ].map(async (query) => (await read(`${path}${query}`)).body.value.length),
  );
  expect(counts).toEqual([1, 0, 0]);
  const { next_cursor, has_more } = (await read(`${path}&kind=merged`)).body;
  expect([has_more, (await read(`/incidents/changes?cursor=${next_cursor}`)).body.value]).toEqual([
    false,
    [],
  ]);
});

test('an incident is fetched with its alerts when they are asked for', async () => {
  const { status, body } = await read(`/tenants/${contoso}/incidents/1001?include=alerts`);
  expect([status, body.raw.alerts.length > 0]).toEqual([200, true]);
});

test('of the order only what is granted is read', async () => {
  await grant({ ...ALLOW, tenants: [fabrikam], resources: ['incidents'] });
  const { value, fleet_coverage } = (await read('/incidents?order=updated', playbook)).body;
  expect(new Set(value.map((one: { tenant_id: string }) => one.tenant_id))).toEqual(
    new Set([fabrikam]),
  );
  expect(fleet_coverage.tenants).toBe(1);
  const refused = await read(`/incidents?order=updated&tenant=${contoso}`, playbook);
  expect([refused.status, refused.body.error]).toEqual([403, 'access_denied']);
  await grant(ALLOW);
});

test('only what is granted is read; unknown and forbidden tenants are alike', async () => {
  await grant({ ...ALLOW, tenants: [fabrikam], resources: ['incidents'] });
  const list = (await read('/incidents', playbook)).body;
  expect(list.coverage.map((one: { tenant_id: string }) => one.tenant_id)).toEqual([fabrikam]);
  const feed = (await read('/incidents/changes?limit=500', playbook)).body;
  const tenants = feed.value.map((one: { incident: { tenant_id: string } }) => one.incident);
  expect(new Set(tenants.map((one: { tenant_id: string }) => one.tenant_id))).toEqual(
    new Set([fabrikam]),
  );
  expect(feed.coverage.tenants).toBe(1);
  const answers = await Promise.all(
    [
      `/tenants/${contoso}/incidents/1001`,
      `/tenants/${UNKNOWN}/incidents/1001`,
      `/incidents?tenant=${contoso}`,
      '/incidents?tenant=nobody.example',
      `/incidents/changes?tenant=${UNKNOWN}`,
    ].map((path) => read(path, playbook)),
  );
  const [first] = answers.map(({ body }) => ({ ...body, correlation_id: '' }));
  expect(first).toMatchObject({ error: 'access_denied' });
  expect(answers.map(({ body }) => ({ ...body, correlation_id: '' }))).toEqual(
    answers.map(() => first),
  );
  await grant(ALLOW);
});

test('grants for tokens show no incident, and audit mode only logs it', async () => {
  await grant({ ...ALLOW, resources: ['defender-xdr'] });
  expect(await read('/incidents', playbook)).toMatchObject({
    status: 403,
    body: { error: 'access_denied' },
  });
  await operator.call('PUT', `/callers/${PLAYBOOK}`, {
    mode: 'audit',
    rules: [{ ...ALLOW, resources: ['defender-xdr'] }],
  });
  expect((await read('/incidents', playbook)).body.value).toHaveLength(6);
  expect(logs.some(({ message }) => message.includes('policy.would_deny'))).toBe(true);
  await grant(ALLOW);
});

test('writing takes its own app role', async () => {
  const path = `/tenants/${contoso}/incidents/1001`;
  const { status, body } = await playbook.call('PATCH', path, { status: 'active' });
  expect([status, body.error]).toEqual([403, 'insufficient_scope']);
});

test('a reader that waits gets the next change when it comes', async () => {
  const cursor = await readEnd();
  const waiting = read(`/incidents/changes?cursor=${cursor}&wait=20`);
  await patch(fabrikam, 1003, { tags: ['woken'] });
  const { body } = await waiting;
  expect(body.value).toMatchObject([{ incident: { tags: ['woken'], tenant_id: fabrikam } }]);
  expect(body.next_cursor).not.toBe(cursor);
});

test('the source of a tenant can be chosen, shows in its sync, and is in the ledger', async () => {
  const path = `/tenants/${contoso}`;
  const chosen = await operator.call('PATCH', path, { incident_source: 'graph' });
  expect(chosen).toMatchObject({ status: 200, body: { sync: { source: 'graph', late: true } } });
  await patch(contoso, 1002, { tags: ['by-graph'] });
  const { body } = await read(`${path}/incidents/1002`);
  expect(body).toMatchObject({ source: 'graph', tags: ['by-graph'], raw: { id: '1002' } });
  await operator.call('PATCH', path, { incident_source: null });
  expect((await read(path)).body.sync).toMatchObject({ source: 'defender-xdr' });
  const acts = (await read(`/audit/acts?tenant=${contoso}&limit=500`)).body.value;
  expect(acts).toContainEqual(
    expect.objectContaining({ act: 'tenant.patch', detail: 'incident_source' }),
  );
  const refused = await operator.call('PATCH', path, { incident_source: 'sentinel' });
  expect(refused.status).toBe(400);
});

test('a tenant is disabled or its consent is gone: what is stored stays readable, but is not changed', async () => {
  await operator.call('PATCH', `/tenants/${fabrikam}`, { status: 'disabled' });
  expect((await read(`/tenants/${fabrikam}/incidents/1001`)).body).toMatchObject({
    incident_id: '1001',
    coverage: { tenant_status: 'disabled', late: true },
  });
  expect(await patch(fabrikam, 1001, { status: 'active' })).toMatchObject({
    status: 409,
    body: { error: 'tenant_disabled' },
  });
  await operator.call('PATCH', `/tenants/${fabrikam}`, { status: 'active' });
});
