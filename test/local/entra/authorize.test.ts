import { describe, expect, test } from 'vitest';
import { createAdminBrowser } from '../../../local/entra/admin-browser.ts';
import { addTenant } from '../../../local/entra/directory.ts';
import { ADMIN, authorizeUrl, CALLBACK, ORIGIN, type Parameters, setUpWorld } from './set-up.ts';

describe('the authorize endpoint', () => {
  test.each<[string, string, Parameters]>([
    ['prompt=none without a session', 'login_required', { prompt: 'none' }],
    ['another response type', 'unsupported_response_type', { response_type: 'token' }],
    ['another response mode', 'invalid_request', { response_mode: 'fragment' }],
    ['an unknown scope', 'invalid_scope', { scope: 'openid everything' }],
    ['a short challenge', 'invalid_request', { code_challenge: 'short' }],
    ['prompt=admin_consent on v2', 'invalid_request', { prompt: 'admin_consent' }],
  ])('redirects %s with %s', async (_name, error, changes) => {
    const world = await setUpWorld();
    const browser = world.browser();

    await browser.open(authorizeUrl(world, changes));

    const answer = new URL(browser.url).searchParams;
    expect([answer.get('error'), answer.get('state')]).toEqual([error, 'st&"<']);
  });

  test.each<[string, Parameters, string?]>([
    ['AADSTS50011', { redirect_uri: `${CALLBACK}/` }],
    ['AADSTS900971', { redirect_uri: undefined }],
    ['AADSTS700016', { client_id: '<script>' }],
    ['AADSTS90002', {}, 'nobody.example/oauth2/v2.0'],
  ])('shows %s as a page', async (text, changes, path) => {
    const world = await setUpWorld();
    const browser = world.browser();

    await browser.open(authorizeUrl(world, changes, path));

    expect(browser.status).toBe(400);
    expect(browser.visited).toHaveLength(1);
    expect(browser.html).toContain(text);
    expect(browser.html).not.toContain('<script>');
  });

  test('ignores the port of a loopback redirect URI and nothing else', async () => {
    const world = await setUpWorld({ redirectUris: ['http://localhost:7071/api/callback'] });
    const browser = world.browser();

    await browser.open(authorizeUrl(world, { redirect_uri: 'http://localhost:9/api/callback' }));
    expect(browser.status).toBe(200);
    await browser.open(authorizeUrl(world, { redirect_uri: 'http://localhost:9/api/other' }));
    expect(browser.html).toContain('AADSTS50011');
  });

  test('lists only the people of a tenant that the path names', async () => {
    const world = await setUpWorld();
    addTenant(world.entra.directory, { displayName: 'Fabrikam' });
    const browser = world.browser();

    await browser.open(authorizeUrl(world, {}, 'contoso.com/oauth2/v2.0'));

    expect(browser.html).toContain(ADMIN);
    expect(browser.html).not.toContain('fabrikam');
  });

  test('asks again where the tenant of the path does not know the person', async () => {
    const world = await setUpWorld();
    addTenant(world.entra.directory, { displayName: 'Fabrikam' });
    const browser = world.browser();
    await browser.open(authorizeUrl(world));
    await browser.chooseAccount(ADMIN);

    await browser.open(authorizeUrl(world, {}, 'fabrikam.onmicrosoft.com/oauth2/v2.0'));

    expect(browser.html).toContain('Pick an account');
  });

  test('forgets who signed out, even when an old cookie comes back', async () => {
    const world = await setUpWorld();
    const cookie = { value: '' };
    const spy = createAdminBrowser({
      fetch: (url, init) => {
        cookie.value = new Headers(init.headers).get('cookie') ?? cookie.value;
        return world.fetch(url, init);
      },
    });
    await spy.open(authorizeUrl(world));
    await spy.chooseAccount(ADMIN);
    await spy.open(`${ORIGIN}/common/oauth2/v2.0/logout`);

    const response = await world.fetch(authorizeUrl(world), { headers: { cookie: cookie.value } });

    expect(cookie.value).toMatch(/^ESTSAUTH=./);
    expect(await response.text()).toContain('Pick an account');
  });
});
