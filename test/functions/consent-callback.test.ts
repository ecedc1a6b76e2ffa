import { base64url, CompactEncrypt } from 'jose';
import { expect, test } from 'vitest';
import { createAdminBrowser } from '../../local/entra/admin-browser.ts';
import { consent, headingOf, startEnvironment } from './set-up.ts';

const { sandbox, operator, invite, customer } = await startEnvironment();
const CALLBACK = `${sandbox.url}/api/consent/callback`;

/**
 * A browser that has signed in and stands before the consent page, with the `state` of that step.
 */
async function goToConsent(name = 'Contoso', body: Record<string, unknown> = {}) {
  const browser = createAdminBrowser();
  await browser.begin(await invite(body));
  await browser.chooseAccount(customer(name).admin);
  const state = new URL(browser.url).searchParams.get('state') ?? '';
  return { browser, state, tenantId: customer(name).tenant.tenantId };
}

function toCallback(query: Record<string, string>): string {
  return `${CALLBACK}?${new URLSearchParams(query)}`;
}

async function expectUnknown(tenantId: string) {
  expect((await operator.call('GET', `/tenants/${tenantId}`)).status).toBe(404);
}

test('without state nothing happens', async () => {
  const { browser, tenantId } = await goToConsent();
  await browser.open(toCallback({ admin_consent: 'True', tenant: tenantId }));
  expect([browser.status, headingOf(browser)]).toEqual([400, 'This page can’t be opened directly']);
  await expectUnknown(tenantId);
});

test('a `state` is forged, replayed, expired, or from another browser: forged', async () => {
  const { browser, tenantId } = await goToConsent();
  const value = { sid: 'x', leg: 'consent', tenantId };
  const state = await new CompactEncrypt(Buffer.from(JSON.stringify({ value })))
    .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', kid: sandbox.ringKey.kid })
    .encrypt(new Uint8Array(32));
  await browser.open(toCallback({ state, admin_consent: 'True', tenant: tenantId }));
  expect([browser.status, headingOf(browser)]).toEqual([
    400,
    'This answer does not belong to a request of ours',
  ]);
  await expectUnknown(tenantId);
});

test('a state that was changed is refused', async () => {
  const { browser, state, tenantId } = await goToConsent();
  const [header, key, nonce, ciphertext = '', tag] = state.split('.');
  const bytes = base64url.decode(ciphertext).map((byte) => byte ^ 1);
  const changed = [header, key, nonce, base64url.encode(bytes), tag].join('.');
  await browser.open(toCallback({ state: changed, admin_consent: 'True', tenant: tenantId }));
  expect(browser.status).toBe(400);
  await expectUnknown(tenantId);
});

test('a `state` is forged, replayed, expired, or from another browser: replayed after a refusal', async () => {
  const { browser, state, tenantId } = await goToConsent();
  await browser.open(toCallback({ state, error: 'access_denied', error_subcode: 'cancel' }));
  await browser.open(toCallback({ state, admin_consent: 'True', tenant: tenantId }));
  expect([browser.status, headingOf(browser)]).toEqual([403, 'You declined the request']);
  await expectUnknown(tenantId);
});

test('a `state` is forged, replayed, expired, or from another browser: another browser', async () => {
  const { state, tenantId } = await goToConsent();
  const stranger = createAdminBrowser();
  await stranger.open(toCallback({ state, admin_consent: 'True', tenant: tenantId }));
  expect([stranger.status, headingOf(stranger)]).toEqual([
    403,
    'Please use one browser for all steps',
  ]);
  await expectUnknown(tenantId);
});

test("a victim's browser does not finish what an attacker began", async () => {
  const attacker = await goToConsent('Fabrikam');
  const { browser } = await goToConsent('Contoso');
  await browser.open(
    toCallback({ state: attacker.state, admin_consent: 'True', tenant: attacker.tenantId }),
  );
  expect(headingOf(browser)).toBe('Please use one browser for all steps');
  await expectUnknown(attacker.tenantId);
});

test('the state of the sign-in does not serve as that of the consent', async () => {
  const browser = createAdminBrowser();
  await browser.begin(await invite({}));
  const state = new URL(browser.url).searchParams.get('state') ?? '';
  const { tenantId } = customer('Contoso').tenant;
  await browser.open(toCallback({ state, admin_consent: 'True', tenant: tenantId }));
  expect([browser.status, headingOf(browser)]).toEqual([400, 'The sign-in did not complete']);
  await expectUnknown(tenantId);
});

const FAILED = 'Microsoft could not complete the consent';

test.each([
  [{ error: 'consent_required', error_description: 'AADSTS65004: x' }, 'You declined the request'],
  [{ error: 'access_denied', error_subcode: 'cancel' }, 'You declined the request'],
  [{ error: 'access_denied' }, FAILED],
  [{ error: 'access_denied', error_description: 'AADSTS650057: x' }, FAILED],
  [{ error: '', error_subcode: 'cancel' }, FAILED],
  [
    { error: 'permission_denied', error_description: 'AADSTS90094: x' },
    'An administrator has to do this',
  ],
  [
    { error: 'access_denied', error_description: 'AADSTS900941: x' },
    'An administrator has to do this',
  ],
  [
    { error: 'interaction_required', error_description: 'AADSTS50105: x' },
    'Your organisation has to assign the app to you first',
  ],
  [
    { error: 'access_denied', error_description: 'AADSTS53003: x' },
    'A policy of your organisation blocked the sign-in',
  ],
  [
    { error: 'invalid_client', error_description: 'AADSTS650051: x' },
    'Microsoft is still setting up the app',
  ],
  [{ error: 'server_error' }, 'Please try again in a minute'],
  [{ error: 'anything', error_description: '<script>alert(1)</script>' }, FAILED],
])(
  '`admin_consent=True` comes with `error`, or for another tenant: %o is no consent',
  async (error, heading) => {
    const { browser, state, tenantId } = await goToConsent();
    const query = { state, admin_consent: 'True', tenant: tenantId, ...error };
    await browser.open(toCallback(query));
    expect(headingOf(browser)).toBe(heading);
    expect(browser.html).not.toContain('<script');
    await expectUnknown(tenantId);
  },
);

test('`admin_consent=True` comes with `error`, or for another tenant: it must be the signed-in one', async () => {
  const { browser, state, tenantId } = await goToConsent('Contoso');
  const other = customer('Fabrikam').tenant.tenantId;
  await browser.open(toCallback({ state, admin_consent: 'True', tenant: other }));
  expect([browser.status, headingOf(browser)]).toEqual([
    403,
    'This link is for another organisation',
  ]);
  await expectUnknown(other);
  await expectUnknown(tenantId);
});

test.each(['', 'common', 'contoso.example', '../x'])('tenant=%j is no consent', async (tenant) => {
  const { browser, state, tenantId } = await goToConsent();
  await browser.open(toCallback({ state, admin_consent: 'True', tenant }));
  expect(browser.status).toBe(403);
  await expectUnknown(tenantId);
});

test('a consent that Entra never gave is not believed', async () => {
  const { browser, state, tenantId } = await goToConsent('Fabrikam');
  await browser.open(toCallback({ state, admin_consent: 'True', tenant: tenantId }));
  expect(headingOf(browser)).toBe('Microsoft is still applying your consent');
  expect((await operator.call('GET', `/tenants/${tenantId}`)).body.status).toBe('verifying');
  expect((await operator.call('POST', `/tenants/${tenantId}/token`)).status).toBe(503);
});

test('an invitation that is pinned to a tenant is refused to another one', async () => {
  const browser = createAdminBrowser();
  await browser.begin(await invite({ tenant: 'adatum.example' }));
  expect(browser.html).not.toContain('admin@contoso.example');
});

test.each(['A'.repeat(32), '..%2F..%2Fhealth', '', 'a'.repeat(2000), 'a,b'])(
  'the invitation %j does not exist',
  async (id) => {
    const { status } = await fetch(`${sandbox.url}/api/consent/start?invitation=${id}`);
    expect(status).toBe(404);
  },
);

test('an answer with a code that Entra never gave is refused', async () => {
  const browser = createAdminBrowser();
  await browser.begin(await invite({}));
  const state = new URL(browser.url).searchParams.get('state') ?? '';
  await browser.open(toCallback({ state, code: 'made-up' }));
  expect([browser.status, headingOf(browser)]).toEqual([400, 'The sign-in did not complete']);
});

test('the status page shows nothing to a browser that gave no consent', async () => {
  const { browser } = await goToConsent();
  await browser.open(`${sandbox.url}/api/consent/status`);
  expect(headingOf(browser)).toBe('This page can’t be opened directly');
});

test('a visitor whose language is Spanish is refused in Spanish', async () => {
  const browser = createAdminBrowser({ acceptLanguage: 'es' });
  await browser.open(CALLBACK);
  expect(headingOf(browser)).toBe('Esta página no se puede abrir directamente');
});

test('after all of this a plain consent still works', async () => {
  const browser = await consent(await invite({}), customer('Contoso').admin);
  expect(headingOf(browser)).toBe('Done. Your consent is in place');
});
