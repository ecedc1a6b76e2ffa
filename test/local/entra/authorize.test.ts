import { describe, expect, test } from 'vitest';
import { createAdminBrowser } from '../../../local/entra/admin-browser.ts';
import { addTenant } from '../../../local/entra/directory.ts';
import {
  ADMIN,
  authorizeUrl,
  CALLBACK,
  ORIGIN,
  type Parameters,
  setUpEnvironment,
} from './set-up.ts';

describe('the authorize endpoint', () => {
  test.each<[string, string, Parameters]>([
    ['prompt=none without a session', 'login_required', { prompt: 'none' }],
    ['another response type', 'unsupported_response_type', { response_type: 'token' }],
    ['another response mode', 'invalid_request', { response_mode: 'fragment' }],
    ['an unknown scope', 'invalid_scope', { scope: 'openid everything' }],
    ['a short challenge', 'invalid_request', { code_challenge: 'short' }],
    ['prompt=admin_consent on v2', 'invalid_request', { prompt: 'admin_consent' }],
  ])('redirects %s with %s', async (_name, error, changes) => {
    const environment = await setUpEnvironment();
    const browser = environment.browser();

    await browser.open(authorizeUrl(environment, changes));

    const answer = new URL(browser.url).searchParams;
    expect([answer.get('error'), answer.get('state')]).toEqual([error, 'st&"<']);
  });

  test.each<[string, Parameters, string?]>([
    ['AADSTS50011', { redirect_uri: `${CALLBACK}/` }],
    ['AADSTS900971', { redirect_uri: undefined }],
    ['AADSTS700016', { client_id: '<script>' }],
    ['AADSTS90002', {}, 'nobody.example/oauth2/v2.0'],
  ])('shows %s as a page', async (text, changes, path) => {
    const environment = await setUpEnvironment();
    const browser = environment.browser();

    await browser.open(authorizeUrl(environment, changes, path));

    expect(browser.status).toBe(400);
    expect(browser.visited).toHaveLength(1);
    expect(browser.html).toContain(text);
    expect(browser.html).not.toContain('<script>');
  });

  test('ignores the port of a loopback redirect URI and nothing else', async () => {
    const environment = await setUpEnvironment({
      redirectUris: ['http://localhost:7071/api/callback'],
    });
    const browser = environment.browser();

    await browser.open(
      authorizeUrl(environment, { redirect_uri: 'http://localhost:9/api/callback' }),
    );
    expect(browser.status).toBe(200);
    await browser.open(authorizeUrl(environment, { redirect_uri: 'http://localhost:9/api/other' }));
    expect(browser.html).toContain('AADSTS50011');
  });

  test('lists only the people of a tenant that the path names', async () => {
    const environment = await setUpEnvironment();
    addTenant(environment.entra.directory, { displayName: 'Fabrikam' });
    const browser = environment.browser();

    await browser.open(authorizeUrl(environment, {}, 'contoso.com/oauth2/v2.0'));

    expect(browser.html).toContain(ADMIN);
    expect(browser.html).not.toContain('fabrikam');
  });

  test('asks again where the tenant of the path does not know the person', async () => {
    const environment = await setUpEnvironment();
    addTenant(environment.entra.directory, { displayName: 'Fabrikam' });
    const browser = environment.browser();
    await browser.open(authorizeUrl(environment));
    await browser.chooseAccount(ADMIN);

    await browser.open(authorizeUrl(environment, {}, 'fabrikam.onmicrosoft.com/oauth2/v2.0'));

    expect(browser.html).toContain('Pick an account');
  });

  test('forgets who signed out, even when an old cookie comes back', async () => {
    const environment = await setUpEnvironment();
    const cookie = { value: '' };
    const spy = createAdminBrowser({
      fetch: (url, init) => {
        cookie.value = new Headers(init.headers).get('cookie') ?? cookie.value;
        return environment.fetch(url, init);
      },
    });
    await spy.open(authorizeUrl(environment));
    await spy.chooseAccount(ADMIN);
    await spy.open(`${ORIGIN}/common/oauth2/v2.0/logout`);

    const response = await environment.fetch(authorizeUrl(environment), {
      headers: { cookie: cookie.value },
    });

    expect(cookie.value).toMatch(/^ESTSAUTH=./);
    expect(await response.text()).toContain('Pick an account');
  });
});
