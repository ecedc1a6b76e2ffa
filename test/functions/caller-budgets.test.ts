import { expect, test } from 'vitest';
import { createBrokerClient } from '../../local/sandbox/client.ts';
import { addTool } from '../../local/sandbox/partner.ts';
import { APP_ROLES } from '../../shared/callers/caller.ts';
import { ALL } from './oauth-environment.ts';
import { startEnvironment } from './set-up.ts';

const { sandbox, operator, playbook, onboard, logs } = await startEnvironment();
const { partner, microsoft, settings } = sandbox;
const { tenantId } = (await onboard('Contoso')).tenant;

/** A tool with every app role; its grants are the rules. */
async function addClient(rules: readonly unknown[]) {
  const tool = addTool(partner.directory, {
    name: `greedy ${Math.random()}`,
    api: partner.api,
    roles: APP_ROLES,
  });
  if (rules.length > 0) await operator.call('PUT', `/callers/${tool.clientId}`, { rules });
  return await createBrokerClient({
    brokerUrl: sandbox.url,
    entraUrl: microsoft.url,
    homeTenantId: partner.directory.homeTenantId,
    audience: settings.API_AUDIENCE ?? '',
    tool,
  });
}

test('one caller asks at full speed: it is refused, and others are served', async () => {
  const greedy = await addClient(ALL);
  const verify = () => greedy.call('POST', `/tenants/${tenantId}/verify`);
  const answers = await Promise.all(Array.from({ length: 40 }, verify));
  const refused = answers.filter(({ status }) => status === 429);
  expect(refused.length).toBeGreaterThanOrEqual(1);
  expect(refused[0]?.body).toMatchObject({ error: 'too_many_requests', owner: 'caller' });
  expect(Number(refused[0]?.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
  expect((await operator.call('POST', `/tenants/${tenantId}/verify`)).status).toBe(200);
  expect((await playbook.call('POST', `/tenants/${tenantId}/token`)).status).toBe(200);
  expect((await greedy.call('POST', `/tenants/${tenantId}/token`)).status).toBe(200);
});

test('a caller goes on beyond its budget: it is counted, and its log stays short', async () => {
  const greedy = await addClient(ALL);
  const before = logs.length;
  const verify = () => greedy.call('POST', `/tenants/${tenantId}/verify`);
  const answers = await Promise.all(Array.from({ length: 60 }, verify));
  const refused = answers.filter(({ status }) => status === 429);
  const lines = logs.slice(before).filter(({ message }) => message.includes('too_many_requests'));
  expect(refused.length).toBeGreaterThan(20);
  expect(lines).toHaveLength(1);
});

test('a caller that does not wait is answered late', async () => {
  const greedy = await addClient(ALL);
  const verify = () => greedy.call('POST', `/tenants/${tenantId}/verify`);
  await Promise.all(Array.from({ length: 40 }, verify));
  const startedAt = performance.now();
  let refused = 0;
  while (refused < 4) if ((await verify()).status === 429) refused++;
  expect(performance.now() - startedAt).toBeGreaterThan(4 * 200);
});

test('long polls and incidents with alerts have budgets of their own', async () => {
  const greedy = await addClient([{ ...ALL[0], tenants: ['tag:none'] }]);
  const count = async (path: string, many: number) => {
    const calls = Array.from({ length: many }, () => greedy.call('GET', path));
    const statuses = (await Promise.all(calls)).map(({ status }) => status);
    return statuses.filter((status) => status === 429).length;
  };
  expect(await count('/incidents/changes?wait=1', 100)).toBeGreaterThan(0);
  expect(await count(`/tenants/${tenantId}/incidents/1?include=alerts`, 100)).toBeGreaterThan(0);
});

test('a caller has no grant of something at any tenant: it is refused before a domain is looked up', async () => {
  const client = await addClient([]);
  const token = await client.call('POST', '/tenants/nobody-has-this.example/token');
  const list = await client.call('GET', '/incidents');
  const startedAt = Date.now();
  const poll = await client.call('GET', '/incidents/changes?wait=30');
  // An answer that waits comes after that time.
  expect(Date.now() - startedAt).toBeLessThan(30_000);
  expect([token, list, poll].map(({ status, body }) => [status, body.error])).toEqual([
    [403, 'access_denied'],
    [403, 'access_denied'],
    [403, 'access_denied'],
  ]);
});
