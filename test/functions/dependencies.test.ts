import { afterAll, expect, test } from 'vitest';
import { setSecrets } from '../../local/entra/directory/applications.ts';
import { startFunctionsHost } from '../../local/host/functions-host.ts';
import { onboard } from '../../local/sandbox/onboard-customers.ts';
import { APP_ROOT } from '../../local/sandbox/sandbox.ts';
import { startOwn } from './own-environment.ts';
import { consent, headingOf } from './set-up.ts';

test('without Key Vault a visitor of a new process is asked to come back, and nothing is half-written', async () => {
  const { sandbox, operator, contoso } = await startOwn();
  const { body } = await operator.call('POST', '/invitations', {});
  await sandbox.host.stop();
  sandbox.microsoft.keyVault.faults.inject({ kind: 'failing' });
  const { settings, url } = sandbox;
  const port = Number(new URL(url).port);
  const host = await startFunctionsHost({ appRoot: APP_ROOT, settings, port, timers: false });
  afterAll(host.stop);
  const refused = await fetch(`${sandbox.url}/api/consent/start`, {
    method: 'POST',
    headers: { origin: sandbox.url },
    body: new URLSearchParams({ invitation: body.invitation_id }),
  });
  expect([refused.status, refused.headers.getSetCookie()]).toEqual([503, []]);
  sandbox.microsoft.keyVault.faults.clear();
  const browser = await consent(body.consent_url, contoso.admin);
  expect(headingOf(browser)).toBe('Done. Your consent is in place');
});

test('Key Vault is down: known secrets and keys go on working', async () => {
  const { sandbox, operator, contoso } = await startOwn();
  await onboard(operator, contoso);
  sandbox.microsoft.keyVault.faults.inject({ kind: 'failing' });
  const path = `/tenants/${contoso.tenant.tenantId}/token`;
  expect((await operator.call('POST', path)).status).toBe(200);
  expect((await operator.call('POST', path, { resource: 'graph' })).status).toBe(200);
});

test('our secret or certificate was rotated in Key Vault: it is picked up within the request that Entra refuses', async () => {
  const { sandbox, operator, contoso } = await startOwn();
  await onboard(operator, contoso);
  setSecrets(sandbox.partner.client, ['rotated-secret']);
  sandbox.microsoft.keyVault.setSecret('partner-client-secret', 'rotated-secret');
  const answer = await operator.call('POST', `/tenants/${contoso.tenant.tenantId}/token`, {
    resource: 'graph',
  });
  expect(answer.status).toBe(200);
});

test('our credential expired: it is our affair, nobody is demoted, Entra is asked twice', async () => {
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
  // Once for the customer that asked, and once at home, to prove that the credential is at fault.
  const asked = entra.requests.filter(({ grantType }) => grantType === 'client_credentials');
  expect(asked.map(({ tenant }) => tenant)).toEqual([
    contoso.tenant.tenantId,
    sandbox.partner.directory.homeTenantId,
  ]);
});
