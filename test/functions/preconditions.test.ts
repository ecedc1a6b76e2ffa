import { expect, test } from 'vitest';
import { getCallerToken, toAddress } from '../../local/sandbox/client.ts';
import { startEnvironment } from './set-up.ts';

const { sandbox, operator, onboard } = await startEnvironment();
const { tenant } = await onboard('Contoso');
const TENANT = `/tenants/${tenant.tenantId}`;
const CALLER = '/callers/5d0b9a3e-7c1f-4e0a-9a53-0c8f7a6a2b11';
const RULES = [{ id: 'a', effect: 'allow', tenants: ['*'], resources: ['graph'] }];
const OTHERS = [{ id: 'b', effect: 'deny', tenants: ['*'], resources: ['*'] }];
const token = await getCallerToken(toAddress(sandbox.microsoft.url, sandbox.partner, 'operator'));

async function send(
  [method, path]: readonly [method: string, path: string],
  headers: Record<string, string>,
  body: unknown,
) {
  const response = await fetch(`${sandbox.url}/api${path}`, {
    method,
    headers: { ...headers, authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: response.status, headers: response.headers, body: await response.json() };
}

test('a tenant says its version in the header, in the body and in the list', async () => {
  const one = await operator.call('GET', TENANT);
  const list = await operator.call('GET', '/tenants');
  expect(one.body.etag).toMatch(/^"[\w-]{22}"$/);
  expect(one.headers.get('etag')).toBe(one.body.etag);
  expect(list.body.value[0].etag).toBe(one.body.etag);
});

test('two operators change the same customer or caller: the second is told by whom', async () => {
  const { body: seen } = await operator.call('GET', TENANT);
  const first = await send(['PATCH', TENANT], { 'if-match': seen.etag }, { tags: ['gold'] });
  expect(first.status).toBe(200);
  expect(first.headers.get('etag')).toBe(first.body.etag);
  const second = await send(['PATCH', TENANT], { 'if-match': seen.etag }, { tags: ['silver'] });
  expect(second.status).toBe(412);
  expect(second.body).toMatchObject({
    error: 'precondition_failed',
    owner: 'caller',
    last_change: {
      by: sandbox.partner.tools.operator.clientId,
      act: 'tenant.patch',
      detail: 'tags',
      at: expect.any(String),
    },
  });
  const { body: now } = await operator.call('GET', TENANT);
  expect([now.tags, now.etag]).toEqual([['gold'], first.body.etag]);
});

test('a change that is there already can be sent again', async () => {
  const { body: seen } = await operator.call('GET', TENANT);
  const change = () =>
    send(['PATCH', TENANT], { 'if-match': seen.etag }, { display_name: 'Contoso AG' });
  expect([(await change()).status, (await change()).status]).toEqual([200, 200]);
});

test('of operators who change one tenant at once one wins', async () => {
  const { body: seen } = await operator.call('GET', TENANT);
  const changes = Array.from({ length: 5 }, (_, index) =>
    send(['PATCH', TENANT], { 'if-match': seen.etag }, { display_name: `Name ${index}` }),
  );
  const statuses = (await Promise.all(changes)).map(({ status }) => status);
  expect(statuses.toSorted()).toEqual([200, 412, 412, 412, 412]);
});

test('what the broker finds out is no change of an operator', async () => {
  const { body: seen } = await operator.call('GET', TENANT);
  await operator.call('POST', `${TENANT}/verify`);
  const { status } = await send(['PATCH', TENANT], { 'if-match': seen.etag }, { tags: ['emea'] });
  expect(status).toBe(200);
});

test('a caller that is there already is not made anew', async () => {
  const made = await send(['PUT', CALLER], { 'if-none-match': '*' }, { rules: RULES });
  expect([made.status, made.headers.get('etag')]).toEqual([201, made.body.etag]);
  const again = await send(['PUT', CALLER], { 'if-none-match': '*' }, { rules: OTHERS });
  expect(again.status).toBe(412);
  expect(again.body.last_change).toMatchObject({ act: 'grants.put', detail: 'enforce' });
  const { body, headers } = await operator.call('GET', CALLER);
  expect([body.rules, body.etag, headers.get('etag')]).toEqual([
    RULES,
    made.body.etag,
    made.body.etag,
  ]);
});

test('who saves rules is refused once somebody has blocked the caller', async () => {
  const { body: seen } = await operator.call('GET', CALLER);
  await operator.call('PUT', CALLER, { blocked: true });
  const saved = await send(['PUT', CALLER], { 'if-match': seen.etag }, { rules: OTHERS });
  expect([saved.status, saved.body.last_change.act]).toEqual([412, 'caller.block']);
  const { body } = await operator.call('GET', '/callers');
  expect(body.value.find(({ etag }: { etag: string }) => etag === seen.etag)).toBeUndefined();
});

test('a record that nobody made has no version', async () => {
  const path = '/callers/00000000-0000-4000-8000-000000000001';
  const { status } = await send(['PUT', path], { 'if-match': '*' }, { rules: OTHERS });
  expect(status).toBe(412);
});

test.each([
  { 'if-match': 'abc' },
  { 'if-match': '' },
  { 'if-match': '"a" "b"' },
  { 'if-match': '"a", b' },
  { 'if-none-match': '"a"' },
  { 'if-none-match': '*', 'if-match': '*' },
])('the condition %j is refused, and never taken for none', async (headers) => {
  const { status, body } = await send(['PATCH', TENANT], headers, { tags: [] });
  expect([status, body.error]).toEqual([400, 'invalid_request']);
});

test('a weak version matches nothing', async () => {
  const { body: seen } = await operator.call('GET', TENANT);
  const { status } = await send(['PATCH', TENANT], { 'if-match': `W/${seen.etag}` }, { tags: [] });
  expect(status).toBe(412);
  const among = { 'if-match': `"other", ${seen.etag}` };
  expect((await send(['PATCH', TENANT], among, { tags: [] })).status).toBe(200);
});
