import { expect, test } from 'vitest';
import { createAdminBrowser } from '../../local/entra/admin-browser.ts';
import { setSecrets } from '../../local/entra/directory/applications.ts';
import { dropRole, revokeConsent } from '../../local/entra/directory/grants.ts';
import { clearFaults, injectFault } from '../../local/entra/faults.ts';
import { consent, headingOf, startWorld } from './set-up.ts';

const { sandbox, operator, invite, customer, onboard } = await startWorld();
const { directory, client } = sandbox.partner;

/** A consent page's `state`, as anybody sees it in the address bar. */
async function goToConsent(name: string, account: string, link: string) {
  const browser = createAdminBrowser();
  await browser.open(link);
  await browser.chooseAccount(account);
  const visited = browser.visited.findLast((url) => url.includes('adminconsent')) ?? browser.url;
  const state = new URL(visited).searchParams.get('state') ?? '';
  const { tenantId } = customer(name).tenant;
  const forged = `${sandbox.url}/api/consent/callback?${new URLSearchParams({
    state,
    admin_consent: 'True',
    tenant: tenantId,
  })}`;
  return { browser, forged, tenantId };
}

test('a consent repairs every resource at once, also those that were held back', async () => {
  const { tenant, admin } = await onboard('Contoso');
  const path = `/tenants/${tenant.tenantId}/token`;
  revokeConsent(directory, { tenantId: tenant.tenantId, clientId: client.clientId });
  expect((await operator.call('POST', path, { resource: 'graph' })).status).toBe(409);
  await consent(await invite({ tenant: tenant.tenantId }), admin);
  expect((await operator.call('POST', path, { resource: 'graph' })).status).toBe(200);
});

test('a callback without a consent does not take a working tenant offline', async () => {
  const { tenant } = await onboard('Fabrikam');
  const link = await invite({ tenant: tenant.tenantId });
  const { browser, forged } = await goToConsent('Fabrikam', customer('Fabrikam').user, link);
  injectFault(directory, { kind: 'server-error', tenantId: tenant.tenantId });
  await browser.open(forged);
  const { status } = await operator.call('POST', `/tenants/${tenant.tenantId}/token`);
  clearFaults(directory);
  expect(status).toBe(200);
});

test('an invitation that a forged callback claimed still works for its tenant, and for no other', async () => {
  const link = await invite({});
  const { browser, forged } = await goToConsent('Adatum', customer('Adatum').admin, link);
  await browser.open(forged);
  expect(headingOf(browser)).toBe('Microsoft is still applying your consent');
  const other = await consent(link, customer('Litware').admin);
  expect(headingOf(other)).toBe('This link was already used');
  expect(headingOf(await consent(link, customer('Adatum').admin))).toBe(
    'Done. Your consent is in place',
  );
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
