import { expect, test } from 'vitest';
import { BrokerRefusal, createBrokerClient } from '../../docs/client/broker-client.ts';
import { startWorld } from './set-up.ts';

const { sandbox, onboard } = await startWorld();
const { tenantId } = (await onboard('Contoso')).tenant;

async function getCallerToken(): Promise<string> {
  return await (await fetch(`${sandbox.microsoft.url}/sandbox/token/operator`)).text();
}
const call = createBrokerClient({ url: sandbox.url, getCallerToken });

/** A client of a broker that says these statuses, one after the other; what it waited is listed. */
function createUnlucky(statuses: number[], retryAfter = '7') {
  const waited: number[] = [];
  const answer = () => {
    const body = { error: 'temporarily_unavailable', error_description: 'Later.', remedy: 'Wait.' };
    const headers = { 'retry-after': retryAfter };
    return Promise.resolve(Response.json(body, { status: statuses.shift() ?? 200, headers }));
  };
  const sleep = (milliseconds: number) => {
    waited.push(milliseconds);
    return Promise.resolve();
  };
  return {
    waited,
    call: createBrokerClient({ url: 'https://b.example', getCallerToken, fetch: answer, sleep }),
  };
}

test('a tool gets a token by the name of the operation', async () => {
  const token = await call('issueToken', {
    params: { tenant: 'contoso.example' },
    body: { resource: 'graph', min_ttl: 600 },
  });
  expect([token.tenant_id, token.resource]).toEqual([tenantId, 'graph']);
  const { value } = await call('listTenants', { query: { status: 'active', limit: '5' } });
  expect(value.map((tenant) => tenant.tenant_id)).toEqual([tenantId]);
});

test('a refusal says who has to do what', async () => {
  const refused = call('issueToken', { params: { tenant: tenantId }, body: { resource: 'mail' } });
  await expect(refused).rejects.toThrow(BrokerRefusal);
  await expect(refused).rejects.toMatchObject({
    status: 400,
    body: { error: 'invalid_target', owner: 'caller', remedy: expect.stringContaining('Use one') },
  });
});

test('a value in the path stays one segment', async () => {
  const refused = call('getTenant', { params: { tenant: `${tenantId}/verify` } });
  await expect(refused).rejects.toMatchObject({ status: 400 });
});

test('what is removed is answered without a body', async () => {
  const params = { name: 'old' };
  await call('putQuery', { params, body: { query: 'DeviceInfo' } });
  expect(await call('deleteQuery', { params })).toBe(undefined);
});

test('a broker that is busy is asked again when it says, and not for ever', async () => {
  const lucky = createUnlucky([503, 503, 200]);
  await lucky.call('listTenants', {});
  expect(lucky.waited).toEqual([7000, 7000]);
  const unlucky = createUnlucky([503, 503, 503, 200]);
  await expect(unlucky.call('listTenants', {})).rejects.toMatchObject({ status: 503 });
  const patient = createUnlucky([503, 200], '3600');
  await expect(patient.call('listTenants', {})).rejects.toMatchObject({ status: 503 });
  expect(patient.waited).toEqual([]);
});
