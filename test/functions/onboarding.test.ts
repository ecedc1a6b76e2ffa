import { expect, test } from 'vitest';
import { createAdminBrowser } from '../../local/entra/admin-browser.ts';
import { dropRole, revokeConsent } from '../../local/entra/directory/grants.ts';
import { clearFaults, injectFault } from '../../local/entra/faults.ts';
import { consent, headingOf, startEnvironment } from './set-up.ts';

const { sandbox, operator, invite, customer, onboard } = await startEnvironment();
const { directory, client } = sandbox.partner;

test('an invitation is answered with a link that ends', async () => {
  const { status, body } = await operator.call('POST', '/invitations', { expires_in: 3600 });
  expect(status).toBe(201);
  expect(body).toEqual({
    invitation_id: expect.stringMatching(/^[\w-]{32}$/),
    consent_url: `${sandbox.url}/api/consent/start?invitation=${body.invitation_id}`,
    expires_at: expect.any(String),
  });
  expect(Math.abs(Date.parse(body.expires_at) - Date.now() - 3_600_000)).toBeLessThan(60_000);
});

test("an admin's consent makes the tenant active, and its token works at Defender", async () => {
  const contoso = customer('Contoso');
  const browser = await consent(await invite({ tenant: 'contoso.example' }), contoso.admin);
  expect(headingOf(browser)).toBe('Done. Your consent is in place');
  const { body } = await operator.call('POST', '/tenants/contoso.example/token');
  const incidents = await fetch(`${sandbox.microsoft.url}/api/incidents`, {
    headers: { authorization: `Bearer ${body.access_token}` },
  });
  expect(incidents.status).toBe(200);
});

test('neither code nor state is left in the address of the last page', async () => {
  const browser = await consent(await invite({}), customer('Contoso').admin);
  expect(browser.url).toBe(`${sandbox.url}/api/consent/status`);
  expect(browser.headers.get('referrer-policy')).toBe('no-referrer');
  expect(browser.headers.get('cache-control')).toBe('no-store');
});

test("the seed document's v1 link leads to the same end", async () => {
  const fabrikam = customer('Fabrikam');
  const browser = await consent(
    await invite({ tenant: fabrikam.tenant.tenantId, flow: 'authorize' }),
    fabrikam.admin,
  );
  expect(headingOf(browser)).toBe('Done. Your consent is in place');
  const legs = browser.visited.map((url) => new URL(url).pathname);
  expect(legs).toContain('/common/oauth2/authorize');
});

test.each([
  ['es', 'Listo. Su consentimiento está activo'],
  ['it', 'Fatto. Il consenso è attivo'],
])('the page speaks %s to who asks for it', async (language, heading) => {
  const browser = await consent(await invite({}), customer('Contoso').admin, language);
  expect(headingOf(browser)).toBe(heading);
});

test('roles lag behind a fresh consent: the queue waits for them while the page says so', async () => {
  const { tenantId } = customer('Adatum').tenant;
  injectFault(directory, { kind: 'role-lag', tokens: 2, tenantId });
  const browser = await consent(await invite({ tenant: tenantId }), customer('Adatum').admin);
  expect(headingOf(browser)).toBe('Microsoft is still applying your consent');
  expect(await operator.call('POST', `/tenants/${tenantId}/token`)).toMatchObject({
    status: 503,
    body: { error: 'temporarily_unavailable', retry_after: 10 },
  });
  await expect
    .poll(async () => (await operator.call('GET', `/tenants/${tenantId}`)).body.status, {
      interval: 250,
    })
    .toBe('active');
  await browser.open(browser.url);
  expect(headingOf(browser)).toBe('Done. Your consent is in place');
});

test('a tenant without a Defender licence is told so, and nothing is recorded', async () => {
  const tailspin = customer('Tailspin');
  const browser = createAdminBrowser();
  await browser.begin(await invite({ tenant: 'tailspin.example' }));
  await browser.chooseAccount(tailspin.admin);
  expect(browser.status).toBe(409);
  expect(headingOf(browser)).toBe('Microsoft Defender is not set up in your organisation');
  expect(browser.html).toContain('AADSTS650052');
  const { status } = await operator.call('GET', `/tenants/${tailspin.tenant.tenantId}`);
  expect(status).toBe(404);
});

test('who declines is told that nothing was granted, and may change their mind', async () => {
  const wingtip = customer('Wingtip');
  const link = await invite({ tenant: wingtip.tenant.tenantId });
  const browser = createAdminBrowser();
  await browser.begin(link);
  await browser.chooseAccount(wingtip.admin);
  await browser.cancel();
  expect(browser.status).toBe(403);
  expect(headingOf(browser)).toBe('You declined the request');
  expect(headingOf(await consent(link, wingtip.admin))).toBe('Done. Your consent is in place');
});

test('an invitation works once', async () => {
  const link = await invite({});
  await consent(link, customer('Contoso').admin);
  const browser = createAdminBrowser();
  await browser.begin(link);
  expect(browser.status).toBe(410);
  expect(headingOf(browser)).toBe('This link has already been used');
});

test('a required role is missing: the tenant is partial, with a link that repairs it', async () => {
  const { tenant, admin } = await onboard('Litware');
  const { tenantId } = tenant;
  dropRole(directory, { tenantId, clientId: client.clientId, role: 'Incident.Read.All' });
  const { body } = await operator.call('POST', `/tenants/${tenantId}/verify`);
  expect(body).toMatchObject({
    status: 'partial',
    resources: { 'defender-xdr': { roles_missing: ['Incident.Read.All'] } },
  });
  expect(headingOf(await consent(body.consent_url, admin))).toBe('Done. Your consent is in place');
  expect((await operator.call('GET', `/tenants/${tenantId}`)).body.status).toBe('active');
});

test('a withdrawn consent is found out, named, and repaired by the same link for everybody', async () => {
  const { tenant, admin } = await onboard('Litware');
  const { tenantId } = tenant;
  revokeConsent(directory, { tenantId, clientId: client.clientId });
  const verified = await operator.call('POST', `/tenants/${tenantId}/verify`);
  expect(verified.body.status).toBe('consent_revoked');
  const refused = await operator.call('POST', `/tenants/${tenantId}/token`);
  expect(refused).toMatchObject({
    status: 409,
    body: { error: 'consent_required', owner: 'customer', consent_url: verified.body.consent_url },
  });
  await consent(refused.body.consent_url, admin);
  expect((await operator.call('POST', `/tenants/${tenantId}/token`)).status).toBe(200);
});

test('an operator disables a tenant: a new consent is recorded but does not undo it', async () => {
  const { tenant, admin } = await onboard('Litware');
  const { tenantId } = tenant;
  await operator.call('PATCH', `/tenants/${tenantId}`, { status: 'disabled' });
  const browser = await consent(await invite({ tenant: tenantId }), admin);
  expect(headingOf(browser)).toBe('Your consent is recorded');
  expect((await operator.call('POST', `/tenants/${tenantId}/token`)).body.error).toBe(
    'tenant_disabled',
  );
  clearFaults(directory);
});

test('a sign-in that Entra interrupts can be begun again with the same link', async () => {
  const { tenantId } = customer('Tailspin').tenant;
  customer('Tailspin').tenant.provisioned.add('defender-xdr');
  injectFault(directory, { kind: 'server-error', tenantId, times: 1, endpoint: 'token' });
  const link = await invite({ tenant: tenantId });
  const browser = createAdminBrowser();
  await browser.begin(link);
  await browser.chooseAccount(customer('Tailspin').admin);
  expect(headingOf(browser)).toBe('Please try again in a minute');
  expect(headingOf(await consent(link, customer('Tailspin').admin))).toBe(
    'Done. Your consent is in place',
  );
});
