import { afterAll, expect, test } from 'vitest';
import { grantConsent } from '../../local/entra/directory/grants.ts';
import { computeSignature, startReceiver } from '../support/receiver.ts';
import { findPlaces, readStorage } from '../support/storage-scan.ts';
import { startEnvironment } from './set-up.ts';

const { sandbox, operator, playbook, onboard, customer, logs } = await startEnvironment();
const { partner, microsoft, host } = sandbox;
const PLAYBOOK = partner.tools.playbook.clientId;
const ALLOW = { id: 'all', effect: 'allow', tenants: ['*'], resources: ['*'] };
const contoso = customer('Contoso').tenant.tenantId;
const fabrikam = customer('Fabrikam').tenant.tenantId;
const KEY = 'key-of-the-receiver';
const receiver = await startReceiver();
afterAll(receiver.stop);
const url = `${receiver.url}/hook?key=${KEY}`;
for (const tenantId of [contoso, fabrikam]) {
  const roles = { 'defender-xdr': ['Incident.ReadWrite.All'] };
  grantConsent(partner.directory, { tenantId, clientId: partner.client.clientId, roles });
  const at = Date.now() - 300_000;
  microsoft.incidents.createBurst(tenantId, { count: 3, from: at, to: at });
}
await onboard('Contoso');
await onboard('Fabrikam');
const { subscription_id: id, secret } = (await playbook.call('POST', '/subscriptions', { url }))
  .body;
const path = `/subscriptions/${id}`;

/** The minute of a timer and all that follows from it. */
async function run(timer: 'syncIncidents' | 'dispatchWebhooks') {
  await host.runFunction(timer);
  await host.drainQueues();
}

/** Changes an incident, so that the feed has one change more. */
async function changeOne(tenantId: string, tag: string) {
  const { status } = await operator.call('PATCH', `/tenants/${tenantId}/incidents/1001`, {
    tags: [tag],
  });
  expect(status).toBe(200);
}

function grant(...rules: readonly unknown[]) {
  return operator.call('PUT', `/callers/${PLAYBOOK}`, { rules });
}

async function subscribe(body: Record<string, unknown>, client = playbook) {
  return (await client.call('POST', '/subscriptions', body)).body;
}

async function look(of = path) {
  return (await playbook.call('GET', of)).body;
}

test('an incident that appears upstream arrives at a subscriber, signed and numbered', async () => {
  await run('syncIncidents');
  await run('dispatchWebhooks');
  expect(receiver.sequences()).toEqual([1, 2, 3, 4, 5, 6]);
  const [first] = receiver.arrived;
  const feed = (await playbook.call('GET', '/incidents/changes?limit=1')).body;
  expect(first?.body).toEqual({
    type: 'incident.changed',
    sequence: 1,
    subscription_id: id,
    change: feed.value[0],
  });
  expect(first?.headers.get('webhook-id')).toBe(`msg_${id}_1`);
  expect(first?.headers.get('webhook-signature')).toBe(first && computeSignature(first, secret));
  expect(await look()).toMatchObject({ numbered_up_to: 6, delivered_up_to: 6, status: 'active' });
});

test('a receiver was down: it gets everything afterwards, in order and without a gap', async () => {
  receiver.arrived.length = 0;
  receiver.answer = () => new Response('down', { status: 503 });
  for (const tag of ['one', 'two', 'three']) await changeOne(contoso, tag);
  await run('dispatchWebhooks');
  await changeOne(fabrikam, 'four');
  expect(await look()).toMatchObject({
    delivered_up_to: 6,
    last_failure: { problem: 'bad_status', http_status: 503, failures: 1, owner: 'caller' },
  });
  receiver.answer = () => new Response(null, { status: 202 });
  await playbook.call('PATCH', path, { status: 'active' });
  await host.drainQueues();
  expect(receiver.sequences()).toEqual([7, 8, 9, 10]);
  const tags = receiver.arrived.map(({ body }) => body.change.incident.tags[0]);
  expect(tags).toEqual(['one', 'two', 'three', 'four']);
  expect((await look()).last_failure).toBeUndefined();
});

test('a replay sends everything from a number on once more, under the same ids', async () => {
  receiver.arrived.length = 0;
  const answer = await playbook.call('POST', `${path}/replay`, { from_sequence: 8 });
  expect(answer.status).toBe(200);
  await host.drainQueues();
  expect(receiver.sequences()).toEqual([8, 9, 10]);
  expect(receiver.arrived[0]?.headers.get('webhook-id')).toBe(`msg_${id}_8`);
});

test.each([
  [12, 'is a number that was not given yet'],
  [0, 'is not acceptable'],
  [1.5, 'is not acceptable'],
])('a replay from %s is refused by name', async (from_sequence, what) => {
  const { status, body } = await playbook.call('POST', `${path}/replay`, { from_sequence });
  expect([status, body.error]).toEqual([400, 'invalid_request']);
  expect(body.error_description).toBe(`The parameter from_sequence ${what}.`);
});

test('both secrets sign while one is being replaced', async () => {
  receiver.arrived.length = 0;
  const rotated = (await playbook.call('POST', `${path}/rotate-secret`)).body;
  expect(rotated).toMatchObject({ previous_secret_until: expect.any(String) });
  expect(await playbook.call('POST', `${path}/test`)).toMatchObject({
    body: { delivered: true, http_status: 202 },
  });
  const [sent] = receiver.arrived;
  const wanted = sent && [rotated.secret, secret].map((one) => computeSignature(sent, one));
  expect(sent?.headers.get('webhook-signature')).toBe(wanted?.join(' '));
  expect(sent?.body).toEqual({ type: 'subscription.test', subscription_id: id });
});

test('filters choose by tenant, severity and kind', async () => {
  const { subscription_id } = await subscribe({
    url: `${receiver.url}/filtered`,
    since: '2026-01-01T00:00:00Z',
    filter: { tenants: ['fabrikam.example'], kinds: ['updated'] },
  });
  receiver.arrived.length = 0;
  await host.drainQueues();
  const told = receiver.arrived.map(({ body }) => [body.sequence, body.change.incident.tags[0]]);
  expect(told).toEqual([[1, 'four']]);
  expect(await look(`/subscriptions/${subscription_id}`)).toMatchObject({
    filter: { tenants: [fabrikam], kinds: ['updated'] },
  });
  await playbook.call('DELETE', `/subscriptions/${subscription_id}`);
});

test('a subscriber loses the grant of a tenant: nothing more of it is told, at once', async () => {
  receiver.arrived.length = 0;
  receiver.answer = () => new Response('down', { status: 500 });
  await changeOne(contoso, 'waits');
  await run('dispatchWebhooks');
  await grant({ ...ALLOW, tenants: [fabrikam] });
  receiver.answer = () => new Response(null);
  await changeOne(contoso, 'never');
  await changeOne(fabrikam, 'told');
  await playbook.call('PATCH', path, { status: 'active' });
  await host.drainQueues();
  expect(receiver.arrived.map(({ body }) => body)).toEqual([
    { type: 'incident.withheld', sequence: 11, subscription_id: id, reason: 'not_granted' },
    expect.objectContaining({ type: 'incident.changed', sequence: 12 }),
  ]);
  await grant(ALLOW);
});

test('a tenant is offboarded while its changes wait: the number arrives, without the incident', async () => {
  receiver.arrived.length = 0;
  const filter = { tenants: [fabrikam, 'tag:gold'] };
  const filtered = await subscribe({ url: `${receiver.url}/other`, filter });
  receiver.answer = () => new Response('down', { status: 500 });
  await changeOne(fabrikam, 'gone');
  await run('dispatchWebhooks');
  const { body } = await operator.call('DELETE', `/tenants/${fabrikam}`);
  expect(body.purged).toMatchObject({ subscription_filters: 1 });
  const held = await readStorage(sandbox.settings.AzureWebJobsStorage ?? '');
  expect(findPlaces(held, fabrikam)).toEqual(['table tenants']);
  receiver.answer = () => new Response(null);
  await playbook.call('PATCH', path, { status: 'active' });
  await host.drainQueues();
  const withheld = { type: 'incident.withheld', sequence: 13, subscription_id: id };
  expect(receiver.arrived.map(({ body: told }) => told)).toEqual([
    { ...withheld, reason: 'removed' },
  ]);
  const other = await look(`/subscriptions/${filtered.subscription_id}`);
  expect(other.filter).toEqual({ tenants: ['tag:gold'] });
});

test('nobody else sees or changes a subscription, but who manages the policy may list and delete it', async () => {
  const theirs = await subscribe({ url }, operator);
  const theirPath = `/subscriptions/${theirs.subscription_id}`;
  const refused = [
    await playbook.call('GET', theirPath),
    await playbook.call('PATCH', theirPath, { status: 'paused' }),
    await playbook.call('DELETE', theirPath),
    await playbook.call('POST', `${theirPath}/replay`, { from_sequence: 1 }),
    await playbook.call('POST', `${theirPath}/rotate-secret`),
    await playbook.call('POST', `${theirPath}/test`),
    await operator.call('PATCH', path, { status: 'paused' }),
  ];
  const errors = refused.map(({ status, body }) => `${status} ${body.error}`);
  expect(new Set(errors)).toEqual(new Set(['404 subscription_not_found']));
  expect((await look('/subscriptions')).value).toHaveLength(2);
  expect((await operator.call('GET', '/subscriptions')).body.value).toHaveLength(3);
  expect((await operator.call('DELETE', theirPath)).status).toBe(200);
});

test('who manages the policy sees the host of another receiver: its path may be a secret', async () => {
  const theirs = { url: `${receiver.url}/…` };
  expect((await operator.call('GET', path)).body).toMatchObject(theirs);
  const { value } = (await operator.call('GET', '/subscriptions')).body;
  expect(value.find((one: Record<string, unknown>) => one.subscription_id === id)).toMatchObject(
    theirs,
  );
  expect(await look()).toMatchObject({ url: `${receiver.url}/hook?…` });
});

test.each([`~${PLAYBOOK}`, 'x', 'a%2Fb', 'a%23', 'x'.repeat(600)])(
  'what is no id of a subscription is not found: %s',
  async (name) => {
    const { status, body } = await playbook.call('GET', `/subscriptions/${name}`);
    expect([status, body.error]).toEqual([404, 'subscription_not_found']);
  },
);

test.each([
  [{ url: 'ftp://hooks.example' }, 'url is not https'],
  [{ url: 'http://hooks.example' }, 'url is not https'],
  [{ url: 'https://user:word@8.8.8.8' }, 'url holds credentials'],
  [{ url: 'https://8.8.8.8/#here' }, 'url has a fragment'],
  [{ url: 'https://8.8.8.8:6379' }, 'url has another port'],
  [{ url: 'https://10.0.0.1' }, 'url leads to an address that is not public'],
  [{ url: 'https://2130706433' }, 'url leads to an address that is not public'],
  [{ url: 'https://[::ffff:169.254.169.254]' }, 'url leads to an address that is not public'],
  [{ url: 'https://nobody.invalid' }, 'url has a host that can not be found'],
  [{ url: 'hooks' }, 'url is no URL'],
  [{}, 'url is missing'],
  [{ url, secret: 'mine' }, 'secret is not acceptable'],
  [{ url, filter: { tenants: [] } }, 'filter.tenants is not acceptable'],
  [{ url, filter: { severities: ['hihg'] } }, 'filter.severities.0 is not acceptable'],
  [{ url, filter: { kinds: ['deleted'] } }, 'filter.kinds.0 is not acceptable'],
  [{ url, filter: { tenants: ['tag:Not A Tag'] } }, 'filter.tenants names a tag that no tenant'],
  [{ url, since: 'yesterday' }, 'since is not acceptable'],
])('a subscription is refused by name: %j', async (body, what) => {
  const answer = await playbook.call('POST', '/subscriptions', body);
  expect([answer.status, answer.body.error]).toEqual([400, 'invalid_request']);
  expect(answer.body.error_description).toContain(`The parameter ${what}`);
});

test('a filter on a tenant that is not granted is refused as a forbidden tenant', async () => {
  const filter = { tenants: ['00000000-0000-4000-8000-000000000000'] };
  const { status, body } = await playbook.call('POST', '/subscriptions', { url, filter });
  expect([status, body.error]).toEqual([403, 'access_denied']);
});

test('a paused subscription gets nothing until it is resumed, and then all of it', async () => {
  receiver.arrived.length = 0;
  await playbook.call('PATCH', path, { status: 'paused' });
  await changeOne(contoso, 'paused');
  await run('dispatchWebhooks');
  expect(receiver.arrived).toEqual([]);
  await playbook.call('PATCH', path, { status: 'active' });
  await host.drainQueues();
  expect(receiver.sequences()).toEqual([14]);
});

test('the ledger has who did what; URL keys, secrets and incidents are in no line and no row', async () => {
  await playbook.call('DELETE', path);
  const acts = (await operator.call('GET', '/audit/acts?since=2026-01-01T00:00:00Z&limit=500'))
    .body;
  const mine = acts.value.filter((act: { subject: string }) => act.subject === id);
  expect(mine.map(({ act }: { act: string }) => act)).toEqual(
    expect.arrayContaining(['subscription.create', 'subscription.replay', 'subscription.remove']),
  );
  const held = await readStorage(sandbox.settings.AzureWebJobsStorage ?? '');
  const told = JSON.stringify([held, logs, acts]);
  expect(told).not.toContain(KEY);
  expect(told).not.toContain(secret);
  expect(JSON.stringify(logs)).not.toContain('waits');
  expect(held.filter(({ text }) => text.includes(`"partitionKey":"${id}"`))).toEqual([]);
});

test("a blocked owner's subscription ends with the timer's next run, and says why", async () => {
  const rules = [ALLOW];
  await operator.call('PUT', `/callers/${PLAYBOOK}`, { rules });
  const { subscription_id: ended, expires_at } = await subscribe({ url });
  const days = (Date.parse(expires_at) - Date.now()) / (24 * 60 * 60_000);
  expect(days).toBeCloseTo(30, 1);
  await operator.call('PUT', `/callers/${PLAYBOOK}`, { blocked: true });
  await run('dispatchWebhooks');
  const { body } = await operator.call('GET', `/subscriptions/${ended}`);
  expect(body).toMatchObject({
    status: 'suspended',
    last_failure: { problem: 'owner_blocked', owner: 'partner' },
  });
  await operator.call('PUT', `/callers/${PLAYBOOK}`, { blocked: false });
  const resumed = await playbook.call('PATCH', `/subscriptions/${ended}`, { status: 'active' });
  expect([resumed.status, resumed.body.status]).toEqual([200, 'active']);
});
