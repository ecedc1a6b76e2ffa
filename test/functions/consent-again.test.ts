import { expect, test } from 'vitest';
import { type AdminBrowser, createAdminBrowser } from '../../local/entra/admin-browser.ts';
import { consent, headingOf, startEnvironment, toForgedCallback } from './set-up.ts';

const { sandbox, operator, invite, customer, onboard, forgeConsent } = await startEnvironment();
const DONE = 'Done. Your consent is in place';

/** The callbacks that a browser was sent to. */
function callbacksOf({ visited }: AdminBrowser): readonly string[] {
  return visited.filter((url) => url.includes('/api/consent/callback'));
}

test('a consent answer comes twice, or a link is opened in two tabs: it leads to where the consent stands', async () => {
  const browser = await consent(await invite({}), customer('Contoso').admin);
  const [signIn = '', accepted = ''] = callbacksOf(browser);
  for (const callback of [accepted, signIn, accepted]) {
    await browser.open(callback);
    expect([browser.status, headingOf(browser)]).toEqual([200, DONE]);
    expect(browser.url).toBe(`${sandbox.url}/api/consent/status`);
  }
});

test('the answer of the sign-in that comes twice leads to the consent', async () => {
  const browser = createAdminBrowser();
  await browser.begin(await invite({}));
  await browser.chooseAccount(customer('Contoso').admin);
  await browser.open(callbacksOf(browser)[0] ?? '');
  await browser.accept();
  expect(headingOf(browser)).toBe(DONE);
});

test('another browser that has the answer is refused, before and after', async () => {
  const browser = await consent(await invite({}), customer('Contoso').admin);
  for (const callback of callbacksOf(browser)) {
    const stranger = createAdminBrowser();
    await stranger.open(callback);
    expect([stranger.status, headingOf(stranger)]).toEqual([
      403,
      'Please use one browser for all steps',
    ]);
  }
});

test('the browser that consented is told so when it opens its link again, another is not', async () => {
  const link = await invite({});
  const browser = await consent(link, customer('Contoso').admin);
  await browser.open(link);
  expect([browser.url, headingOf(browser)]).toEqual([`${sandbox.url}/api/consent/status`, DONE]);
  const stranger = createAdminBrowser();
  await stranger.open(link);
  expect([stranger.status, headingOf(stranger)]).toEqual([410, 'This link has already been used']);
});

test('the button of a page that stood open in a second tab leads to the end, too', async () => {
  const link = await invite({});
  const browser = createAdminBrowser();
  await browser.open(link);
  const form = browser.html;
  await browser.press('Continue to Microsoft');
  await browser.chooseAccount(customer('Contoso').admin);
  await browser.accept();
  const invitation = /name="invitation" value="([^"]+)"/.exec(form)?.[1] ?? '';
  const headers = {
    origin: sandbox.url,
    cookie: browser.cookies(`${sandbox.url}/api/consent/start`),
  };
  const body = new URLSearchParams({ invitation });
  const start = `${sandbox.url}/api/consent/start`;
  const pressed = await fetch(start, { method: 'POST', redirect: 'manual', headers, body });
  expect(pressed.headers.get('location')).toBe(`${sandbox.url}/api/consent/status`);
});

test.each([
  ['joined by a comma', (cookie: string) => `a=b,${cookie}`],
  ['joined with a space', (cookie: string) => `a=b, ${cookie}, c=d`],
  ['the same twice', (cookie: string) => `${cookie},${cookie}`],
])('a cookie is found in a header that is %s', async (_, join) => {
  const browser = await consent(await invite({}), customer('Contoso').admin);
  const cookie = join(browser.cookies(browser.url));
  const response = await fetch(browser.url, { headers: { cookie } });
  expect(await response.text()).toContain(`<h1>${DONE}</h1>`);
});

test('of two different cookies of one name neither is believed', async () => {
  const browser = await consent(await invite({}), customer('Contoso').admin);
  const cookie = `consent=${'A'.repeat(43)},${browser.cookies(browser.url)}`;
  expect((await fetch(browser.url, { headers: { cookie } })).status).toBe(400);
});

test('who cancels at Microsoft sees who asks for what, and a button that works', async () => {
  const { admin } = customer('Contoso');
  const browser = createAdminBrowser();
  await browser.begin(await invite({}));
  await browser.chooseAccount(admin);
  await browser.cancel();
  expect([browser.status, headingOf(browser)]).toEqual([403, 'You declined the request']);
  expect(browser.html).toContain('Incident.Read.All');
  await browser.press('Continue to Microsoft');
  await browser.chooseAccount(admin);
  await browser.accept();
  expect(headingOf(browser)).toBe(DONE);
});

test("an ordinary user's forged consent of an open invitation changes no tenant, known or not", async () => {
  const { tenant, user } = await onboard('Fabrikam');
  const before = (await operator.call('GET', `/tenants/${tenant.tenantId}`)).body;
  const known = await forgeConsent(await invite({}), user);
  expect(headingOf(known)).toBe('Thank you. Your partner still has to confirm');
  expect(known.html).not.toContain('Permissions in place');
  const after = (await operator.call('GET', `/tenants/${tenant.tenantId}`)).body;
  expect(after).toEqual(before);
  const unknown = customer('Tailspin');
  await forgeConsent(await invite({}), unknown.user);
  const { tenantId } = unknown.tenant;
  expect((await operator.call('GET', `/tenants/${tenantId}`)).status).toBe(404);
});

test('who waits is told how it went when an operator has approved', async () => {
  const { tenant, admin, user } = customer('Litware');
  await consent(await invite({}), admin);
  await operator.call('DELETE', `/tenants/${tenant.tenantId}`);
  const link = await invite({});
  const browser = createAdminBrowser();
  await browser.begin(link);
  await browser.chooseAccount(user);
  expect(headingOf(browser)).toBe('Your organisation’s service has ended');
});

test('an approval begins the proof of who waited, and of nobody else', async () => {
  const { tenant, admin, user } = customer('Wingtip');
  await consent(await invite({}), admin);
  const { body } = await operator.call('POST', '/invitations', {});
  const browser = await forgeConsent(body.consent_url, user);
  const path = `/invitations/${body.invitation_id}/approve`;
  const other = await operator.call('POST', path, { tenant: 'contoso.example' });
  expect([other.status, other.body.error]).toEqual([400, 'invalid_request']);
  const approved = await operator.call('POST', path, { tenant: 'wingtip.example' });
  expect(approved).toMatchObject({
    status: 200,
    body: { status: 'used', used_by: tenant.tenantId, tenant_id: tenant.tenantId, claims: [] },
  });
  await browser.open(`${sandbox.url}/api/consent/status`);
  expect(headingOf(browser)).toBe(DONE);
});

test('a forged answer after an administrator signed in is proven by token, too', async () => {
  const { admin, tenant } = customer('Tailspin');
  const browser = createAdminBrowser();
  await browser.begin(await invite({}));
  await browser.chooseAccount(admin);
  const visited = browser.visited.findLast((url) => url.includes('adminconsent')) ?? '';
  expect(headingOf(browser)).toBe('Microsoft Defender is not set up in your organisation');
  await browser.open(toForgedCallback(visited));
  expect(headingOf(browser)).toBe('Microsoft Defender is not set up in your organisation');
  expect((await operator.call('GET', `/tenants/${tenant.tenantId}`)).status).toBe(404);
});
