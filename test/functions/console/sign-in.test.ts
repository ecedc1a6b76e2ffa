import { expect, test } from 'vitest';
import { createAdminBrowser } from '../../../local/entra/admin-browser.ts';
import { expectWithin } from '../../support/expect-within.ts';
import { startOtherProcess } from '../other-process.ts';
import { startEnvironment } from '../set-up.ts';

const { sandbox, operator } = await startEnvironment();
const CONSOLE = { 'x-requested-with': 'console' };

/** Signs an operator in; answers the cookies that the broker set, as a browser would send them. */
async function signIn(name: string, returnTo = '/') {
  const browser = createAdminBrowser();
  await browser.open(`${sandbox.url}/auth/sign-in?return_to=${encodeURIComponent(returnTo)}`);
  await browser.chooseAccount(name);
  return { browser, cookie: browser.cookies(sandbox.url) };
}

function get(path: string, headers: Record<string, string>) {
  return fetch(`${sandbox.url}${path}`, { headers });
}

test('an operator signs in and the API takes the session in place of a token', async () => {
  const { browser, cookie } = await signIn('Olivia', '/customers?status=partial');
  expect(browser.url).toBe(`${sandbox.url}/#/customers?status=partial`);
  const me = await get('/auth/me', { cookie, ...CONSOLE });
  expect([me.status, await me.json()]).toEqual([
    200,
    {
      caller: expect.any(String),
      name: 'olivia@northwind.example',
      roles: expect.arrayContaining(['Tenants.Manage', 'Audit.Read']),
      expires_at: expect.any(String),
      partner_name: 'Northwind Security',
    },
  ]);
  expect((await get('/api/tenants', { cookie, ...CONSOLE })).status).toBe(200);
});

test('a filter with spaces leads back to itself', async () => {
  const { browser } = await signIn('Olivia', '/customers?q=Contoso+Ltd&tag=*');
  expect(browser.url).toBe(`${sandbox.url}/#/customers?q=Contoso+Ltd&tag=*`);
});

test('no token, code or key is in what the browser holds', async () => {
  const { browser, cookie } = await signIn('Olivia');
  expect(cookie).not.toMatch(/eyJ0eXAiOiJKV1Qi/);
  expect(browser.url).toBe(`${sandbox.url}/#/`);
});

test('a session gets no token of a customer, whatever its roles say', async () => {
  const { cookie } = await signIn('Olivia');
  const headers = { cookie, ...CONSOLE, origin: sandbox.url, 'sec-fetch-site': 'same-origin' };
  const url = `${sandbox.url}/api/tenants/fabrikam.example/token`;
  const answer = await fetch(url, { method: 'POST', headers });
  expect([answer.status, await answer.json()]).toEqual([
    401,
    expect.objectContaining({ error: 'invalid_token' }),
  ]);
  // A tool with the same roles comes further: nobody has consented for this customer yet.
  expect((await operator.call('POST', '/tenants/fabrikam.example/token')).status).toBe(404);
});

test('what an operator may do is what the roles say', async () => {
  const { cookie } = await signIn('Rita');
  const listed = await get('/api/tenants', { cookie, ...CONSOLE });
  const denied = await fetch(`${sandbox.url}/api/invitations`, {
    method: 'POST',
    headers: { cookie, ...CONSOLE, origin: sandbox.url, 'content-type': 'application/json' },
    body: '{}',
  });
  expect([listed.status, denied.status]).toEqual([200, 403]);
});

test('a person without an app role gets no session', async () => {
  const { browser, cookie } = await signIn('Ulf User');
  expect([browser.url, cookie]).toEqual([`${sandbox.url}/#/signed-out/not_assigned`, '']);
});

test('a sign-in that was cancelled leads back to the page', async () => {
  const browser = createAdminBrowser();
  await browser.open(`${sandbox.url}/auth/sign-in`);
  await browser.cancel();
  expect(browser.url).toBe(`${sandbox.url}/#/signed-out/declined`);
});

test.each([
  ['without the header', {}],
  ['with the header of another script', { 'x-requested-with': 'XMLHttpRequest' }],
  ['from another origin', { ...CONSOLE, origin: 'https://evil.example' }],
  ['from a sibling host', { ...CONSOLE, 'sec-fetch-site': 'same-site' }],
])('a cookie alone is no session: %s', async (_, headers) => {
  const { cookie } = await signIn('Olivia');
  const sent = { cookie, ...headers } as Record<string, string>;
  expect((await get('/api/tenants', sent)).status).toBe(401);
  expect((await get('/auth/me', sent)).status).toBe(401);
});

test('a change needs our own Origin', async () => {
  const { cookie } = await signIn('Olivia');
  const send = async (headers: Record<string, string>) => {
    const init = { method: 'POST', headers: { cookie, ...CONSOLE, ...headers } };
    return (await fetch(`${sandbox.url}/api/invitations`, init)).status;
  };
  expect(await send({})).toBe(401);
  expect(await send({ origin: 'null' })).toBe(401);
  expect(await send({ origin: sandbox.url })).toBe(201);
});

test.each([
  ['forged', 'console-session=eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..AA.AA.AA'],
  ['too long', `console-session=${'a'.repeat(5000)}`],
  ['damaged', 'console-session=%E0%A4%A'],
  ['empty', 'console-session='],
])('a forged cookie is no session: %s', async (_, cookie) => {
  expect((await get('/auth/me', { cookie, ...CONSOLE })).status).toBe(401);
});

test('the cookie of the sign-in is no session', async () => {
  const start = await fetch(`${sandbox.url}/auth/sign-in`, { redirect: 'manual' });
  const [attempt = ''] = start.headers.getSetCookie();
  const value = attempt.slice(attempt.indexOf('=') + 1, attempt.indexOf(';'));
  const response = await get('/auth/me', { cookie: `console-session=${value}`, ...CONSOLE });
  expect(response.status).toBe(401);
});

test('an answer of Entra in another browser begins no session', async () => {
  const start = await fetch(`${sandbox.url}/auth/sign-in`, { redirect: 'manual' });
  const state = new URL(start.headers.get('location') ?? '').searchParams.get('state');
  const back = await fetch(`${sandbox.url}/auth/callback?state=${state}&code=x`, {
    redirect: 'manual',
  });
  expect([back.status, back.headers.get('location')]).toEqual([303, '/#/signed-out/other_browser']);
  expect(back.headers.getSetCookie().join()).not.toContain('console-session');
});

test.each(['https://evil.example', '//evil.example', '/\\evil', '/a\r\nset-cookie: x', ''])(
  'a link cannot lead elsewhere after the sign-in: %j',
  async (returnTo) => {
    const { browser } = await signIn('Olivia', returnTo);
    expect(new URL(browser.url).origin).toBe(sandbox.url);
    expect(new URL(browser.url).hash).toMatch(/^#\/[^/\\]*$|^#\/\/evil.example$/);
  },
);

function signOut(cookie: string, url = sandbox.url) {
  const headers = { cookie, ...CONSOLE, origin: sandbox.url };
  return fetch(`${url}/auth/sign-out`, { method: 'POST', headers });
}

test('a cookie that somebody copied is no session any more after the sign-out', async () => {
  const { cookie } = await signIn('Olivia');
  const { cookie: later } = await signIn('Olivia');
  expect((await get('/api/tenants', { cookie, ...CONSOLE })).status).toBe(200);
  const out = await signOut(cookie);
  expect([out.status, out.headers.getSetCookie().join()]).toEqual([
    204,
    expect.stringMatching(/console-session=; max-age=0/),
  ]);
  expect((await get('/api/tenants', { cookie, ...CONSOLE })).status).toBe(401);
  expect((await get('/auth/me', { cookie, ...CONSOLE })).status).toBe(401);
  expect((await get('/api/tenants', { cookie: later, ...CONSOLE })).status).toBe(200);
});

test('another process takes a session that was signed out for five seconds at most', async () => {
  const { cookie } = await signIn('Olivia');
  const other = await startOtherProcess(sandbox.settings);
  const ask = async () =>
    (await fetch(`${other}/api/tenants`, { headers: { cookie, ...CONSOLE } })).status;
  expect(await ask()).toBe(200);
  await signOut(cookie);
  await expectWithin(5000, ask, 401);
});

test('signing out twice, or without a session, is no error', async () => {
  const { cookie } = await signIn('Olivia');
  const answers = [await signOut(cookie), await signOut(cookie), await signOut('')];
  expect(answers.map(({ status }) => status)).toEqual([204, 204, 204]);
});

test('a bearer token goes before a session', async () => {
  const { cookie } = await signIn('Olivia');
  const headers = { cookie, ...CONSOLE, authorization: 'Bearer nonsense' };
  expect((await get('/api/tenants', headers)).status).toBe(401);
  expect((await operator.call('GET', '/tenants')).status).toBe(200);
});

test('an application that is blocked ends the sessions that people signed in to by it', async () => {
  const { cookie } = await signIn('Olivia');
  const console = `/callers/${sandbox.partner.client.clientId}`;
  expect((await operator.call('PUT', console, { blocked: true })).status).toBeLessThan(300);
  const refused = await get('/api/tenants', { cookie, ...CONSOLE });
  expect([refused.status, await refused.json()]).toEqual([
    403,
    expect.objectContaining({ error: 'caller_blocked' }),
  ]);
  await operator.call('PUT', console, { blocked: false });
  expect((await get('/api/tenants', { cookie, ...CONSOLE })).status).toBe(200);
});
