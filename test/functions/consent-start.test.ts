import { expect, test } from 'vitest';
import { createAdminBrowser } from '../../local/entra/admin-browser.ts';
import { headingOf, startEnvironment } from './set-up.ts';

const { sandbox, operator, invite } = await startEnvironment();
const START = `${sandbox.url}/api/consent/start`;

/** Presses the button as a browser with these headers would. */
async function press(invitation: string, headers: Record<string, string>) {
  const body = new URLSearchParams({ invitation });
  return await fetch(START, { method: 'POST', redirect: 'manual', headers, body });
}

async function inviteAnybody(): Promise<{ link: string; invitation: string }> {
  const link = await invite({});
  return { link, invitation: new URL(link).searchParams.get('invitation') ?? '' };
}

async function statusOf(link: string): Promise<string | undefined> {
  const id = new URL(link).searchParams.get('invitation') ?? '';
  const { body } = await operator.call('GET', '/invitations');
  const { createHash } = await import('node:crypto');
  const hash = createHash('sha256').update(id).digest('base64url');
  return body.value.find((one: { invitation_id: string }) => one.invitation_id === hash)?.status;
}

test('a scanner opens a link: it sees who asks, gets no cookie and begins nothing', async () => {
  const { link } = await inviteAnybody();
  for (const method of ['GET', 'HEAD', 'GET']) {
    const { status, headers } = await fetch(link, { method, redirect: 'manual' });
    expect([status, headers.getSetCookie()]).toEqual([200, []]);
  }
  expect(await (await fetch(link)).text()).toContain('Northwind Security asks for access');
  expect(await statusOf(link)).toBe('sent');
});

test('the button sets a cookie for this site and leads to Entra', async () => {
  const { link, invitation } = await inviteAnybody();
  const { status, headers } = await press(invitation, { origin: sandbox.url });
  const { origin, pathname } = new URL(headers.get('location') ?? '');
  expect([status, origin, pathname]).toEqual([
    303,
    sandbox.microsoft.url,
    '/organizations/oauth2/v2.0/authorize',
  ]);
  const [cookie = ''] = headers.getSetCookie();
  expect(cookie).toMatch(/^consent=[\w-]{43}; /);
  for (const part of ['httponly', 'samesite=lax', 'path=/', 'max-age=86400']) {
    expect(cookie.toLowerCase()).toContain(part);
  }
  expect(await statusOf(link)).toBe('opened');
});

test.each<[string, Record<string, string>]>([
  ['another site', { origin: 'https://evil.example' }],
  ['another port of this machine', { origin: 'http://127.0.0.1:1' }],
  ['a page that hides its origin', { origin: 'null' }],
  ['another site, as the browser says', { 'sec-fetch-site': 'cross-site' }],
  ['a sister site, as the browser says', { 'sec-fetch-site': 'same-site' }],
  ['who does not say', {}],
])('the button of %s begins nothing', async (_, headers) => {
  const { link, invitation } = await inviteAnybody();
  const response = await press(invitation, headers);
  expect([response.status, response.headers.getSetCookie()]).toEqual([403, []]);
  expect(await response.text()).toContain('Please use the button on our page');
  expect(await statusOf(link)).toBe('sent');
});

test('a browser that names no origin but says that it is the same is believed', async () => {
  const { invitation } = await inviteAnybody();
  expect((await press(invitation, { 'sec-fetch-site': 'same-origin' })).status).toBe(303);
});

test.each([
  ['application/json', '{"invitation":"x"}'],
  ['text/plain', 'invitation=x'],
  ['application/x-www-form-urlencoded', ''],
  ['application/x-www-form-urlencoded', `invitation=${'a'.repeat(40_000)}`],
])('a body of %s that no page of ours sends is refused', async (type, body) => {
  const headers = { origin: sandbox.url, 'content-type': type };
  const { status } = await fetch(START, { method: 'POST', headers, body });
  expect(status).toBe(404);
});

test.each(['ended', 'unknown'])('the button of a link that is %s says so', async (kind) => {
  const { link, invitation } = await inviteAnybody();
  const id = kind === 'unknown' ? 'A'.repeat(32) : invitation;
  if (kind === 'ended') await operator.call('DELETE', `/invitations/${invitation}`);
  const { status } = await press(id, { origin: sandbox.url });
  expect(status).toBe(kind === 'ended' ? 410 : 404);
  expect(kind === 'unknown' || (await statusOf(link)) === 'revoked').toBe(true);
});

test('every answer of a page carries the headers that keep it safe', async () => {
  const { link, invitation } = await inviteAnybody();
  const answers = [
    await fetch(link),
    await press(invitation, { origin: sandbox.url }),
    await press(invitation, { origin: 'https://evil.example' }),
    await fetch(`${sandbox.url}/api/consent/callback`),
    await fetch(`${sandbox.url}/api/consent/status`),
    await fetch(`${START}?invitation=unknown`),
  ];
  for (const { headers } of answers) {
    expect(headers.get('strict-transport-security')).toBe('max-age=31536000');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
  }
});

test('the link of a pinned invitation names the organisation that it is for', async () => {
  const browser = createAdminBrowser({ acceptLanguage: 'de' });
  await browser.open(await invite({ tenant: 'contoso.example' }));
  expect(headingOf(browser)).toBe(
    'Northwind Security bittet um Zugriff auf Ihren Microsoft Defender',
  );
  expect(browser.html).toContain('<dt>Für die Organisation</dt><dd>contoso.example</dd>');
});

test('the id of an invitation stands in no path, which platforms log', async () => {
  const { link, invitation } = await inviteAnybody();
  expect(new URL(link).pathname).toBe('/api/consent/start');
  expect(new URL(link).searchParams.get('invitation')).toBe(invitation);
});
