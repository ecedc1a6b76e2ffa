import { createHash } from 'node:crypto';
import { decodeJwt } from 'jose';
import { expect, test } from 'vitest';
import { startEnvironment } from './set-up.ts';

const { sandbox, operator, playbook, onboard, logs } = await startEnvironment();
const contoso = (await onboard('Contoso')).tenant.tenantId;
const fabrikam = (await onboard('Fabrikam')).tenant.tenantId;
const PLAYBOOK = sandbox.partner.tools.playbook.clientId;
const OPERATOR = sandbox.partner.tools.operator.clientId;
const UNKNOWN = '00000000-0000-4000-8000-000000000000';
const TAGGED = '77777777-7777-4777-8777-777777777777';

function hashOf(token: string, encoding: 'base64url' | 'hex' = 'base64url') {
  return createHash('sha256').update(token).digest(encoding);
}

async function getToken(tool = playbook, tenant = contoso): Promise<string> {
  return (await tool.call('POST', `/tenants/${tenant}/token`)).body.access_token;
}

async function findIssuances(query: Record<string, string>) {
  const { body } = await operator.call('GET', `/audit/tokens?${new URLSearchParams(query)}`);
  return body.value;
}

async function findActs(query: Record<string, string>) {
  const { body } = await operator.call('GET', `/audit/acts?${new URLSearchParams(query)}`);
  return body.value;
}

test('who received which token is found by its hash, its uti, the caller and the tenant', async () => {
  const since = new Date().toISOString();
  const token = await getToken();
  await getToken();
  const { uti = '' } = decodeJwt<{ uti: string }>(token);
  const issuance = {
    caller: PLAYBOOK,
    caller_name: 'playbook',
    tenant_id: contoso,
    tenant_name: expect.any(String),
    tenant_hash: hashOf(contoso),
    resource: 'defender-xdr',
    rule: 'everything',
    token_hash: hashOf(token),
    uti,
    issued_at: expect.any(String),
    expires_at: expect.any(String),
    recorded_at: expect.any(String),
    correlation_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
  };
  for (const query of [
    { token_hash: hashOf(token) },
    { token_hash: hashOf(token, 'hex').toUpperCase() },
    { uti },
    { caller: PLAYBOOK.toUpperCase() },
    { tenant: contoso },
    { tenant: 'contoso.example', live: 'true' },
    { since },
  ]) {
    expect(await findIssuances(query)).toEqual([issuance]);
  }
});

test('a token that several callers hold is listed with each, in pages', async () => {
  const token = await getToken(operator);
  const query = `token_hash=${hashOf(token)}&limit=1`;
  const first = await operator.call('GET', `/audit/tokens?${query}`);
  const cursor = first.body.next_cursor;
  const second = await operator.call('GET', `/audit/tokens?${query}&cursor=${cursor}`);
  const callers = [...first.body.value, ...second.body.value].map(({ caller }) => caller);
  expect(callers.toSorted()).toEqual([OPERATOR, PLAYBOOK].toSorted());
  expect(second.body.next_cursor).toBeUndefined();
});

test('a refused request leaves no record of a token', async () => {
  await operator.call('PATCH', `/tenants/${fabrikam}`, { status: 'disabled' });
  await playbook.call('POST', `/tenants/${fabrikam}/token`);
  expect(await findIssuances({ tenant: fabrikam })).toEqual([]);
});

test.each([
  ['tokens', '', 'The query has no bound.'],
  ['tokens', 'live=true&limit=5', 'The query has no bound.'],
  ['tokens', 'tenant=nobody.example', 'The parameter tenant names no tenant of Entra.'],
  ['tokens', 'token_hash=abc', 'The parameter token_hash is not acceptable.'],
  ['tokens', 'caller=playbook', 'The parameter caller is not acceptable.'],
  ['tokens', 'since=yesterday', 'The parameter since is not acceptable.'],
  ['tokens', 'since=2026-11-21T00:00:00Z&cursor=..', 'The parameter cursor is not acceptable.'],
  ['tokens', 'hash=abc', 'The parameter hash is not acceptable.'],
  ['tokens', 'would_be_denied=no&live=true', 'The parameter would_be_denied is not acceptable.'],
  ['acts', 'act=tenant.sell', 'The parameter act is not acceptable.'],
  ['acts', 'actor=olivia', 'The parameter actor is not acceptable.'],
  ['acts', 'limit=0', 'The parameter limit is not acceptable.'],
])('GET /audit/%s?%s is refused', async (what, query, text) => {
  expect(await operator.call('GET', `/audit/${what}?${query}`)).toMatchObject({
    status: 400,
    body: { error: 'invalid_request', error_description: text, remedy: expect.any(String) },
  });
});

test("operators' acts are recorded with who did them", async () => {
  const since = new Date().toISOString();
  const grants = { rules: [{ id: 'all', effect: 'allow', tenants: [contoso], resources: ['*'] }] };
  await operator.call('POST', '/invitations', { tenant: contoso });
  await operator.call('PATCH', `/tenants/${contoso}`, { status: 'disabled' });
  await operator.call('PATCH', `/tenants/${contoso}`, { status: 'active' });
  await operator.call('PATCH', `/tenants/${contoso}`, { tags: ['gold'] });
  await operator.call('POST', `/tenants/${contoso}/verify`);
  await operator.call('PUT', `/callers/${UNKNOWN}`, grants);
  await operator.call('DELETE', `/callers/${UNKNOWN}`);
  await operator.call('PATCH', `/tenants/${contoso}`, { status: 'nonsense' });
  const acts = await findActs({ since });
  expect(acts.map(({ act, detail }: Record<string, string>) => [act, detail])).toEqual([
    ['invitation.create', undefined],
    ['tenant.patch', 'disabled'],
    ['tenant.patch', 'active'],
    ['tenant.patch', 'tags'],
    ['tenant.verify', undefined],
    ['grants.put', 'enforce'],
    ['grants.remove', undefined],
  ]);
  expect(new Set(acts.map(({ actor }: { actor: string }) => actor))).toEqual(new Set([OPERATOR]));
  expect(acts[6]).toMatchObject({ subject: UNKNOWN, correlation_id: expect.any(String) });
  const ofTenant = await findActs({ tenant: contoso, since });
  expect(ofTenant).toEqual(acts.slice(0, 5));
  expect(ofTenant[0]).toMatchObject({ tenant_id: contoso, tenant_hash: hashOf(contoso) });
});

test('a change of tags says which rules of whom begin to fit the tenant', async () => {
  const since = new Date().toISOString();
  const rule = { id: 'vip', effect: 'allow', tenants: ['tag:vip'], resources: ['graph'] };
  await operator.call('PUT', `/callers/${TAGGED}`, { rules: [rule] });
  await operator.call('PATCH', `/tenants/${contoso}`, { tags: ['vip'] });
  await operator.call('DELETE', `/callers/${TAGGED}`);
  const [act] = await findActs({ since, act: 'tenant.patch' });
  expect(act.changes).toContainEqual({ field: `fitting_rules.${TAGGED}`, after: 'vip' });
});

test('a credential that was put into Key Vault is recorded once', async () => {
  const isCredential = ({ act }: { act: string }) => act.startsWith('credential.');
  expect((await findActs({})).filter(isCredential)).toEqual([
    expect.objectContaining({ act: 'credential.put', actor: 'broker', detail: 'secret' }),
  ]);
});

test('what audit mode lets pass and an enforced policy would refuse is found', async () => {
  const rules = [{ id: 'never', effect: 'deny', tenants: ['*'], resources: ['graph'] }];
  await operator.call('PUT', `/callers/${PLAYBOOK}`, { mode: 'audit', rules });
  await playbook.call('POST', `/tenants/${contoso}/token`, { resource: 'graph' });
  const found = await findIssuances({ caller: PLAYBOOK, would_be_denied: 'true' });
  expect(
    found.map(({ rule, resource, would_be_denied }: Record<string, unknown>) => [
      rule,
      resource,
      would_be_denied,
    ]),
  ).toEqual([['never', 'graph', true]]);
  const all = await findIssuances({ caller: PLAYBOOK });
  expect(all).toHaveLength(2);
  expect(all.filter((one: object) => 'would_be_denied' in one)).toEqual(found);
});

test('events are found by what was done, by whom and to what', async () => {
  const blocked = await findActs({ subject: UNKNOWN, act: 'grants.put,grants.remove' });
  const acts = (events: { act: string }[]) => events.map(({ act }) => act);
  expect(acts(blocked)).toEqual(['grants.put', 'grants.remove']);
  expect(acts(await findActs({ subject: UNKNOWN, act: 'grants.remove' }))).toEqual([
    'grants.remove',
  ]);
  expect(await findActs({ actor: UNKNOWN })).toEqual([]);
  const own = await findActs({ actor: OPERATOR.toUpperCase(), act: 'tenant.verify' });
  expect(own).toEqual([expect.objectContaining({ actor: OPERATOR, tenant_id: contoso })]);
});

test('a page of what is filtered goes on where it ended', async () => {
  const query = 'act=tenant.patch&order=desc&limit=2';
  const first = await operator.call('GET', `/audit/acts?${query}`);
  const cursor = first.body.next_cursor;
  const second = await operator.call('GET', `/audit/acts?${query}&cursor=${cursor}`);
  const all = await findActs({ act: 'tenant.patch', order: 'desc' });
  const paged = [...first.body.value, ...second.body.value];
  expect(paged).toEqual(all.slice(0, 4));
});

test('the daily timer sweeps', async () => {
  await sandbox.host.runFunction('sweepExpired');
  const lines = logs.filter(({ message }) => message.includes('"sweep.run"'));
  expect(JSON.parse(lines.at(-1)?.message ?? '')).toMatchObject({ audit_removed: 0 });
});

test('lines of events that are recorded together belong to their own requests', async () => {
  const since = new Date().toISOString();
  const before = logs.length;
  await Promise.all(Array.from({ length: 12 }, () => operator.call('POST', '/invitations', {})));
  const events = await findActs({ since, act: 'invitation.create' });
  const told = logs.slice(before).filter(({ message }) => message.includes('"audit.recorded"'));
  const lines = told.map(({ message, invocationId }) => ({ ...JSON.parse(message), invocationId }));
  const toIds = (sequence: number, id: string) => [sequence, id, id];
  const expected = events.map(
    ({ sequence, correlation_id }: { sequence: number; correlation_id: string }) =>
      toIds(sequence, correlation_id),
  );
  expect(expected).toHaveLength(12);
  expect(
    lines.map(({ sequence, correlation_id, invocationId }) => [
      sequence,
      correlation_id,
      invocationId,
    ]),
  ).toEqual(expected.toSorted(([one]: number[], [other]: number[]) => (one ?? 0) - (other ?? 0)));
  expect(logs.slice(before).filter(({ message }) => message.includes('after function'))).toEqual(
    [],
  );
});
