import { afterAll, expect, test } from 'vitest';
import { startAzurite } from '../../local/azurite.ts';
import { setSecrets } from '../../local/entra/directory/applications.ts';
import { injectFault } from '../../local/entra/faults.ts';
import { onboard, startSandbox } from '../../local/sandbox/sandbox.ts';
import { consent, headingOf } from './set-up.ts';

/** A broker of its own: what is broken here stays broken. */
async function startOwn() {
  const azurite = await startAzurite();
  const sandbox = await startSandbox({ lively: false, storage: azurite.connectionString });
  const operator = await sandbox.connect('operator');
  const stop = async () => {
    await sandbox.stop();
    await azurite.stop();
  };
  afterAll(stop);
  const [contoso, fabrikam] = sandbox.customers;
  if (!contoso || !fabrikam) throw new Error('The sandbox has no customers.');
  return { azurite, sandbox, operator, contoso, fabrikam };
}

test('without Key Vault a visitor is asked to come back, and nothing is half-written', async () => {
  const { sandbox, operator, contoso } = await startOwn();
  sandbox.microsoft.keyVault.faults.inject({ kind: 'failing' });
  const { body } = await operator.call('POST', '/invitations', {});
  const refused = await fetch(body.consent_url, { redirect: 'manual' });
  expect([refused.status, refused.headers.getSetCookie()]).toEqual([503, []]);
  sandbox.microsoft.keyVault.faults.clear();
  const browser = await consent(body.consent_url, contoso.admin);
  expect(headingOf(browser)).toBe('Done. Your consent is in place');
});

test('without Key Vault known secrets and keys go on working', async () => {
  const { sandbox, operator, contoso } = await startOwn();
  await onboard(operator, contoso);
  sandbox.microsoft.keyVault.faults.inject({ kind: 'failing' });
  const path = `/tenants/${contoso.tenant.tenantId}/token`;
  expect((await operator.call('POST', path)).status).toBe(200);
  expect((await operator.call('POST', path, { resource: 'graph' })).status).toBe(200);
});

test('a secret that was rotated in Key Vault is picked up when Entra refuses the old one', async () => {
  const { sandbox, operator, contoso } = await startOwn();
  await onboard(operator, contoso);
  setSecrets(sandbox.partner.client, ['rotated-secret']);
  sandbox.microsoft.keyVault.setSecret('partner-client-secret', 'rotated-secret');
  const answer = await operator.call('POST', `/tenants/${contoso.tenant.tenantId}/token`, {
    resource: 'graph',
  });
  expect(answer.status).toBe(200);
});

test('an expired secret is our affair: nobody is demoted, and Entra is not hammered', async () => {
  const { sandbox, operator, contoso, fabrikam } = await startOwn();
  await onboard(operator, contoso);
  await onboard(operator, fabrikam);
  const expired = sandbox.partner.client.secrets.map((secret) => ({ ...secret, expiresAt: 0 }));
  setSecrets(sandbox.partner.client, expired);
  const { entra } = sandbox.microsoft;
  entra.resetRequests();
  for (const { tenant } of [contoso, fabrikam, contoso, fabrikam]) {
    const path = `/tenants/${tenant.tenantId}/token`;
    const refused = await operator.call('POST', path, { resource: 'graph' });
    expect(refused).toMatchObject({
      status: 503,
      body: { error: 'temporarily_unavailable', owner: 'partner' },
    });
    expect((await operator.call('POST', path)).status).toBe(200);
    expect((await operator.call('GET', `/tenants/${tenant.tenantId}`)).body.status).toBe('active');
  }
  expect(entra.requests.filter(({ grantType }) => grantType === 'client_credentials')).toHaveLength(
    1,
  );
});

test('a slow Entra is waited for, a dead one is given up', { timeout: 20_000 }, async () => {
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

test('without storage cached tokens are served, and everything else says what is wrong', async () => {
  const { azurite, operator, contoso, fabrikam, sandbox } = await startOwn();
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
  const page = await fetch(`${sandbox.url}/api/consent/start/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA`);
  expect(page.status).toBe(503);
});

test('a token that cannot be recorded for a caller does not leave', async () => {
  const { azurite, sandbox, operator, contoso } = await startOwn();
  const playbook = await sandbox.connect('playbook');
  await onboard(operator, contoso);
  const path = `/tenants/${contoso.tenant.tenantId}/token`;
  const graph = { resource: 'graph' };
  // Both callers and both tokens are in memory; only what the playbook received of the first is not on record.
  await operator.call('POST', path);
  expect((await playbook.call('POST', path, graph)).status).toBe(200);
  await azurite.stop();
  expect((await operator.call('POST', path)).status).toBe(200);
  expect((await playbook.call('POST', path, graph)).status).toBe(200);
  const refused = await playbook.call('POST', path);
  expect(refused).toMatchObject({ status: 503, body: { error: 'temporarily_unavailable' } });
  expect(refused.body.access_token).toBeUndefined();
});
