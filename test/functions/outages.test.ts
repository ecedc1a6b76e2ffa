import { expect, test } from 'vitest';
import { startAzurite } from '../../local/azurite.ts';
import { createAdminBrowser } from '../../local/entra/admin-browser.ts';
import { injectFault } from '../../local/entra/faults.ts';
import { onboard } from '../../local/sandbox/onboard-customers.ts';
import { startOwn } from './own-environment.ts';

test('a slow Entra is waited for, a dead one is given up', async () => {
  const { sandbox, operator, contoso } = await startOwn();
  await onboard(operator, contoso);
  const path = `/tenants/${contoso.tenant.tenantId}/token`;
  injectFault(sandbox.partner.directory, { kind: 'slow', ms: 1500, times: 1 });
  expect((await operator.call('POST', path, { resource: 'graph' })).status).toBe(200);
  injectFault(sandbox.partner.directory, { kind: 'timeout', times: 1 });
  const body = { resource: 'defender-endpoint' };
  expect(await operator.call('POST', path, body)).toMatchObject({
    status: 503,
    body: { owner: 'microsoft', retry_after: 5 },
  });
});

test('Table Storage is down: cached tokens are served, everything else is 503', async () => {
  const azurite = await startAzurite();
  const { operator, contoso, fabrikam, sandbox } = await startOwn(azurite.connectionString);
  await onboard(operator, contoso);
  const path = `/tenants/${contoso.tenant.tenantId}/token`;
  await operator.call('POST', path);
  await azurite.stop();
  expect((await operator.call('POST', path)).status).toBe(200);
  for (const call of [
    () => operator.call('POST', `/tenants/${fabrikam.tenant.tenantId}/token`),
    () => operator.call('GET', '/tenants'),
    () => operator.call('POST', '/invitations', {}),
  ]) {
    expect(await call()).toMatchObject({
      status: 503,
      body: { error: 'temporarily_unavailable', owner: 'partner', retry_after: 5 },
    });
  }
  const page = await fetch(`${sandbox.url}/api/consent/start?invitation=${'A'.repeat(32)}`);
  expect(page.status).toBe(503);
});

test('a caller gets a token that it did not have yet: what cannot be recorded does not leave', async () => {
  const azurite = await startAzurite();
  const { sandbox, operator, contoso } = await startOwn(azurite.connectionString);
  const playbook = await sandbox.connect('playbook');
  await onboard(operator, contoso);
  const path = `/tenants/${contoso.tenant.tenantId}/token`;
  const graph = { resource: 'graph' };
  // Both callers and both tokens are in memory; only what the playbook received of the first is not
  // on record.
  await operator.call('POST', path);
  expect((await playbook.call('POST', path, graph)).status).toBe(200);
  await azurite.stop();
  expect((await operator.call('POST', path)).status).toBe(200);
  expect((await playbook.call('POST', path, graph)).status).toBe(200);
  const refused = await playbook.call('POST', path);
  expect(refused).toMatchObject({ status: 503, body: { error: 'temporarily_unavailable' } });
  expect(refused.body.access_token).toBeUndefined();
});

test('Table Storage is down while an operator changes something: 503, and everybody else goes on', async () => {
  const azurite = await startAzurite();
  const { sandbox, operator, contoso, fabrikam } = await startOwn(azurite.connectionString);
  const playbook = await sandbox.connect('playbook');
  for (const customer of [contoso, fabrikam]) await onboard(operator, customer);
  const [one, other] = [contoso, fabrikam].map(({ tenant }) => `/tenants/${tenant.tenantId}`);
  for (const path of [one, other]) await playbook.call('POST', `${path}/token`);
  await azurite.stop();
  const caller = `/callers/${sandbox.partner.tools.operator.clientId}`;
  const rules = [{ id: 'none', effect: 'deny', tenants: ['*'], resources: ['*'] }];
  const changes = await Promise.all([
    operator.call('PUT', caller, { rules }),
    operator.call('DELETE', caller),
    operator.call('PATCH', one ?? '', { status: 'disabled' }),
    operator.call('PATCH', one ?? '', { tags: ['gold'] }),
    operator.call('DELETE', one ?? ''),
    operator.call('POST', '/subscriptions', { url: 'http://127.0.0.1:9/hook' }),
  ]);
  expect(changes.map(({ status }) => status)).toEqual([503, 503, 503, 503, 503, 503]);
  const statuses = [one, other].map(
    async (path) => (await playbook.call('POST', `${path}/token`)).status,
  );
  expect(await Promise.all(statuses)).toEqual([200, 200]);
});

test('a sign-out that cannot be stored says so, and the browser forgets its cookie all the same', async () => {
  const azurite = await startAzurite();
  const { sandbox } = await startOwn(azurite.connectionString);
  const browser = createAdminBrowser();
  await browser.open(`${sandbox.url}/auth/sign-in`);
  await browser.chooseAccount('Olivia');
  await azurite.stop();
  const headers = {
    cookie: browser.cookies(sandbox.url),
    'x-requested-with': 'console',
    origin: sandbox.url,
  };
  const out = await fetch(`${sandbox.url}/auth/sign-out`, { method: 'POST', headers });
  expect([out.status, out.headers.getSetCookie().join()]).toEqual([
    503,
    expect.stringMatching(/console-session=; max-age=0/),
  ]);
  const read = await fetch(`${sandbox.url}/auth/me`, { headers });
  expect(read.status).toBe(503);
});
