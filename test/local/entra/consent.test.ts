import { decodeJwt } from 'jose';
import { describe, expect, test } from 'vitest';
import {
  ADMIN,
  answerOf,
  CALLBACK,
  ORIGIN,
  type Parameters,
  requestToken,
  setUpEnvironment,
  type TestEnvironment,
  toQuery,
  USER,
  XDR,
} from './set-up.ts';

function consentUrl(
  environment: TestEnvironment,
  path = 'contoso.com/v2.0',
  changes: Parameters = {},
): string {
  const query = toQuery({
    client_id: environment.client.clientId,
    redirect_uri: CALLBACK,
    state: 's-1',
    scope: path.endsWith('/v2.0') ? `${XDR}/.default` : undefined,
    ...changes,
  });
  return `${ORIGIN}/${path}/adminconsent?${query}`;
}

describe('the admin consent endpoint', () => {
  test('shows what is asked, grants it, and tells the redirect URI', async () => {
    const environment = await setUpEnvironment();
    const browser = environment.browser();

    await browser.open(consentUrl(environment));
    await browser.chooseAccount(ADMIN);
    expect(browser.html).toContain('Read all incidents');
    expect(browser.html).toContain('Broker &lt;1&gt;');
    expect(browser.html).toContain('Sandbox stand-in for Microsoft Entra ID, not Microsoft');
    await browser.accept();

    expect(answerOf(browser)).toEqual({
      admin_consent: 'True',
      tenant: environment.customer.tenantId,
      state: 's-1',
      scope: `${XDR}/Incident.Read.All`,
    });
    const { token } = await requestToken(environment);
    expect(decodeJwt(token).roles).toEqual(['Incident.Read.All']);
  });

  test('answers without a scope on v1, where common is allowed', async () => {
    const environment = await setUpEnvironment();
    const browser = environment.browser();

    await browser.open(consentUrl(environment, 'common'));
    await browser.chooseAccount(ADMIN);
    await browser.accept();

    const tenant = environment.customer.tenantId;
    expect(answerOf(browser)).toEqual({ admin_consent: 'True', tenant, state: 's-1' });
  });

  test('asks a person who is signed in for no account again', async () => {
    const environment = await setUpEnvironment();
    const browser = environment.browser();
    await browser.open(consentUrl(environment));
    await browser.chooseAccount(ADMIN);

    await browser.open(consentUrl(environment));

    expect(browser.html).toContain('review for your organization');
  });

  test('tells the redirect URI that the person cancelled', async () => {
    const environment = await setUpEnvironment();
    const browser = environment.browser();
    await browser.open(consentUrl(environment));
    await browser.chooseAccount(ADMIN);

    await browser.cancel();

    expect(answerOf(browser)).toEqual({
      error: 'access_denied',
      error_subcode: 'cancel',
      error_description: expect.stringMatching(/^AADSTS65004: User declined to consent/),
      error_uri: `${ORIGIN}/error?code=65004`,
      admin_consent: 'True',
      tenant: environment.customer.tenantId,
      state: 's-1',
    });
    expect(environment.customer.servicePrincipals.size).toBe(0);
  });

  test('sends a person without the role to an admin', async () => {
    const environment = await setUpEnvironment();
    const browser = environment.browser();
    await browser.open(consentUrl(environment));

    await browser.chooseAccount(USER);
    expect([browser.status, browser.html]).toEqual([403, expect.stringContaining('AADSTS90094')]);
    await browser.press('Use another account');
    await browser.chooseAccount(ADMIN);
    await browser.accept();

    expect(answerOf(browser)).toMatchObject({ admin_consent: 'True', state: 's-1' });
  });

  test('tells the redirect URI that the tenant lacks a licence', async () => {
    const environment = await setUpEnvironment();
    environment.customer.provisioned.delete('defender-xdr');
    const browser = environment.browser();
    await browser.open(consentUrl(environment));

    await browser.chooseAccount(ADMIN);

    expect(answerOf(browser)).toMatchObject({
      error: 'invalid_client',
      error_description: expect.stringMatching(/^AADSTS650052: .*Microsoft Threat Protection/),
      admin_consent: 'True',
    });
  });

  test.each<[string, string, Parameters]>([
    ['AADSTS50059', 'common/v2.0', {}],
    ['AADSTS50011', 'contoso.com/v2.0', { redirect_uri: 'https://x.example' }],
    ['AADSTS900971', 'contoso.com', { redirect_uri: undefined }],
    ['AADSTS900144', 'contoso.com', { client_id: undefined }],
  ])('shows %s as a page', async (text, path, changes) => {
    const environment = await setUpEnvironment();
    const browser = environment.browser();

    await browser.open(consentUrl(environment, path, changes));

    expect([browser.status, browser.html]).toEqual([400, expect.stringContaining(text)]);
  });

  test('refuses a v2 scope without /.default', async () => {
    const environment = await setUpEnvironment();
    const browser = environment.browser();

    await browser.open(
      consentUrl(environment, 'contoso.com/v2.0', { scope: `${XDR}/Incident.Read` }),
    );

    expect(answerOf(browser)).toMatchObject({ error: 'invalid_scope', admin_consent: 'True' });
  });

  test('lets an application administrator grant Defender roles, but none of Graph', async () => {
    const environment = await setUpEnvironment();
    const [admin] = environment.customer.users;
    const roles = ['Cloud Application Administrator'];
    environment.customer.users.push({
      oid: 'o',
      userPrincipalName: 'caa@contoso.com',
      displayName: 'C',
      roles,
    });
    const browser = environment.browser();

    await browser.open(consentUrl(environment));
    await browser.chooseAccount('caa@contoso.com');
    expect(browser.html).toContain('Read all incidents');
    environment.client.requiredAppRoles = { graph: ['SecurityIncident.Read.All'] };
    await browser.accept();

    expect(browser.html).toContain('AADSTS90094');
    expect(admin?.roles).toEqual(['Global Administrator']);
  });
});
