import { expect, test } from 'vitest';
import { createAdminBrowser } from '../../local/entra/admin-browser.ts';
import { setSecrets } from '../../local/entra/directory/applications.ts';
import { dropRole, revokeConsent } from '../../local/entra/directory/grants.ts';
import { clearFaults, injectFault } from '../../local/entra/faults.ts';
import { consent, headingOf, startEnvironment, toForgedCallback } from './set-up.ts';

const { sandbox, operator, invite, customer, onboard, forgeConsent } = await startEnvironment();
const { directory, client } = sandbox.partner;

test('a consent repairs every resource at once, also those that were held back', async () => {
  const { tenant, admin } = await onboard('Contoso');
  const path = `/tenants/${tenant.tenantId}/token`;
  revokeConsent(directory, { tenantId: tenant.tenantId, clientId: client.clientId });
  expect((await operator.call('POST', path, { resource: 'graph' })).status).toBe(409);
  await consent(await invite({ tenant: tenant.tenantId }), admin);
  expect((await operator.call('POST', path, { resource: 'graph' })).status).toBe(200);
});

test('a callback without a consent does not take a working tenant offline', async () => {
  const { tenant, user } = await onboard('Fabrikam');
  const { tenantId } = tenant;
  const browser = createAdminBrowser();
  await browser.begin(await invite({ tenant: tenantId }));
  await browser.chooseAccount(user);
  injectFault(directory, { kind: 'server-error', tenantId });
  await browser.open(toForgedCallback(browser.url));
  const { status } = await operator.call('POST', `/tenants/${tenantId}/token`);
  clearFaults(directory);
  expect(status).toBe(200);
});

test('an invitation that a forged callback came by claims nothing: another tenant may use it', async () => {
  const link = await invite({});
  const browser = await forgeConsent(link, customer('Adatum').admin);
  expect(headingOf(browser)).toBe('Microsoft is still applying your consent');
  const other = await consent(link, customer('Litware').admin);
  expect(headingOf(other)).toBe('Done. Your consent is in place');
  const { tenantId } = customer('Adatum').tenant;
  const { body } = await operator.call('GET', `/tenants/${tenantId}`);
  expect([body.status, body.consented_at]).toEqual(['verifying', undefined]);
});

test('a secret that was rotated in Key Vault does not stop an admin either', async () => {
  setSecrets(client, ['rotated']);
  sandbox.microsoft.keyVault.setSecret('partner-client-secret', 'rotated');
  const browser = await consent(await invite({}), customer('Wingtip').admin);
  expect(headingOf(browser)).toBe('Done. Your consent is in place');
});

test('a role that is granted again in the portal is noticed when a token is asked for', async () => {
  const { tenant, admin } = await onboard('Litware');
  const { tenantId } = tenant;
  dropRole(directory, { tenantId, clientId: client.clientId, role: 'Incident.Read.All' });
  expect((await operator.call('POST', `/tenants/${tenantId}/verify`)).body.status).toBe('partial');
  await consent(await invite({ tenant: tenantId }), admin);
  expect((await operator.call('GET', `/tenants/${tenantId}`)).body.status).toBe('active');
});
