import { expect, test } from 'vitest';
import { BrokerRefusal, createBrokerClient, readPages } from '../../docs/client/broker-client.ts';
import { startEnvironment } from './set-up.ts';

const { sandbox, onboard } = await startEnvironment();
await onboard('Fabrikam');
const { tenantId } = (await onboard('Contoso')).tenant;

async function getCallerToken(): Promise<string> {
  return await (await fetch(`${sandbox.microsoft.url}/sandbox/token/operator`)).text();
}
const call = createBrokerClient({ url: sandbox.url, getCallerToken });

/** A client of a broker that gives these answers, one after the other; what it waited is listed. */
function createUnlucky(answers: Response[]) {
  const waited: number[] = [];
  const sleep = (milliseconds: number) => {
    waited.push(milliseconds);
    return Promise.resolve();
  };
  const answer = () => Promise.resolve(answers.shift() ?? Response.json({ value: [] }));
  return {
    waited,
    call: createBrokerClient({ url: 'https://b.example', getCallerToken, fetch: answer, sleep }),
  };
}

function toBusy(status: number, retryAfter = '7'): Response {
  const body = { error: 'temporarily_unavailable', error_description: 'Later.', remedy: 'Wait.' };
  return Response.json(body, { status, headers: { 'retry-after': retryAfter } });
}

test('a tool gets a token by the name of the operation', async () => {
  const token = await call('issueToken', {
    params: { tenant: 'contoso.example' },
    body: { resource: 'graph', min_ttl: 600 },
  });
  expect([token.tenant_id, token.resource]).toEqual([tenantId, 'graph']);
  const { value } = await call('listTenants', { query: { status: 'active', limit: 5 } });
  expect(value.map((tenant) => tenant.tenant_id)).toContain(tenantId);
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

test('a broker that is busy is asked again when it says, and not for ever', async () => {
  const lucky = createUnlucky([toBusy(503), toBusy(429)]);
  await lucky.call('listTenants', {});
  expect(lucky.waited).toEqual([7000, 7000]);
  const unlucky = createUnlucky([toBusy(503), toBusy(503), toBusy(503)]);
  await expect(unlucky.call('listTenants', {})).rejects.toMatchObject({ status: 503 });
});

test('a broker that asks for an hour, or says no time, is not waited for', async () => {
  const { call: ask, waited } = createUnlucky([toBusy(503, '3600'), toBusy(503, 'soon')]);
  await expect(ask('listTenants', {})).rejects.toMatchObject({ status: 503 });
  await expect(ask('listTenants', {})).rejects.toMatchObject({ status: 503 });
  expect(waited).toEqual([]);
});

test('an iterator reads page after page, and keeps the filter', async () => {
  const read: string[][] = [];
  for await (const { value } of readPages(call, 'listTenants', {
    query: { status: 'active', limit: 1 },
  })) {
    read.push(value.map(({ domain = '' }) => domain));
  }
  expect(read.toSorted()).toEqual([['contoso.example'], ['fabrikam.example']]);
});

test('an iterator reads the change feed until there is no more for now', async () => {
  sandbox.microsoft.incidents.createIncident(tenantId);
  sandbox.microsoft.incidents.createIncident(tenantId);
  await sandbox.host.runFunction('syncIncidents');
  await sandbox.host.drainQueues();
  const read: number[] = [];
  const query = { limit: 1, include: ['raw'] } as const;
  for await (const { value } of readPages(call, 'listIncidentChanges', { query })) {
    read.push(...value.map(({ incident }) => Object.keys(incident.raw ?? {}).length));
  }
  expect(read).toEqual([expect.any(Number), expect.any(Number)]);
  expect(Math.min(...read)).toBeGreaterThan(5);
});

test('Microsoft’s own JSON and the source of a tenant’s incidents have types', async () => {
  const params = { tenant: tenantId };
  await call('patchTenant', { params, body: { incident_source: 'graph' } });
  const { sync } = await call('patchTenant', { params, body: { incident_source: null } });
  expect(sync?.source).toBe('defender-xdr');
  const { value } = await call('listIncidents', { query: { ...params, include: ['raw'] } });
  expect(value[0]?.raw?.incidentId).toBeTypeOf('number');
});

test('an operation without an answer answers nothing', async () => {
  const params = { name: 'devices' };
  await call('putQuery', { params, body: { query: 'DeviceInfo | count' } });
  expect(await call('deleteQuery', { params })).toBeUndefined();
});

test('a refusal that is no JSON has a status, and says where to look', async () => {
  const html = new Response('<h1>Bad gateway</h1>', {
    status: 502,
    headers: { 'content-type': 'text/html' },
  });
  await expect(createUnlucky([html]).call('listTenants', {})).rejects.toMatchObject({
    status: 502,
    message: expect.stringContaining('Check the URL of the broker'),
  });
});

test('a tool reads all rows of a hunt, page by page', async () => {
  const { hunt_id } = await call('createHunt', {
    body: { query: 'DeviceInfo | project DeviceName' },
  });
  const rows: unknown[] = [];
  const pages = readPages(call, 'getHuntResults', { params: { hunt_id } });
  for await (const { value } of pages) {
    rows.push(...value);
    // The queues run by hand in this environment.
    await sandbox.host.drainQueues();
  }
  expect(rows).toHaveLength(240);
});
