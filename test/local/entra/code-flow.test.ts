import { decodeJwt } from 'jose';
import { describe, expect, test } from 'vitest';
import {
  ADMIN,
  authorizeUrl,
  CALLBACK,
  ORIGIN,
  type Parameters,
  requestToken,
  setUpEnvironment,
  type TestEnvironment,
  verifier,
} from './set-up.ts';

async function signIn(
  environment: TestEnvironment,
  url = authorizeUrl(environment),
): Promise<URLSearchParams> {
  const browser = environment.browser();
  await browser.open(url);
  await browser.chooseAccount(ADMIN);
  expect(browser.url).toMatch(CALLBACK);
  return new URL(browser.url).searchParams;
}

interface Redemption {
  readonly form?: Parameters;
  readonly tenant?: string;
  readonly version?: 1 | 2;
}

function redeem(environment: TestEnvironment, code: string | null, changes: Redemption = {}) {
  return requestToken(environment, {
    tenant: 'common',
    ...changes,
    form: {
      grant_type: 'authorization_code',
      code: code ?? '',
      redirect_uri: CALLBACK,
      code_verifier: verifier,
      ...changes.form,
    },
  });
}

describe('the code flow', () => {
  test('tells who signed in, in a v2 id_token', async () => {
    const environment = await setUpEnvironment();

    const answer = await signIn(environment);
    const { status, body } = await redeem(environment, answer.get('code'));

    expect(answer.get('state')).toBe('st&"<');
    expect(status).toBe(200);
    const { tenantId, clientId } = environment.where;
    expect(decodeJwt(String(body.id_token))).toMatchObject({
      aud: clientId,
      iss: `${ORIGIN}/${tenantId}/v2.0`,
      tid: tenantId,
      ver: '2.0',
      nonce: 'n-1',
      oid: environment.customer.users[0]?.oid,
      preferred_username: ADMIN,
    });
    expect(decodeJwt(String(body.access_token))).toMatchObject({ scp: 'openid profile email' });
  });

  test('creates the enterprise application without app roles', async () => {
    const environment = await setUpEnvironment();

    await signIn(environment);

    const principal = environment.customer.servicePrincipals.get(environment.client.clientId);
    expect(principal).toMatchObject({ accountEnabled: true, grants: [] });
  });

  test('gives a v1 id_token on the v1 endpoints', async () => {
    const environment = await setUpEnvironment();
    const answer = await signIn(
      environment,
      authorizeUrl(environment, { scope: undefined }, 'common/oauth2'),
    );

    const { body } = await redeem(environment, answer.get('code'), { version: 1 });

    expect(decodeJwt(String(body.id_token))).toMatchObject({
      iss: `https://sts.windows.net/${environment.customer.tenantId}/`,
      ver: '1.0',
      upn: ADMIN,
      unique_name: ADMIN,
    });
  });

  test('remembers the person, unless the picker is asked for', async () => {
    const environment = await setUpEnvironment();
    const browser = environment.browser();
    await browser.open(authorizeUrl(environment));
    await browser.chooseAccount(ADMIN);

    await browser.open(authorizeUrl(environment));
    expect(browser.url).toMatch(CALLBACK);
    await browser.open(authorizeUrl(environment, { prompt: 'select_account' }));
    expect(browser.html).toContain('Pick an account');
  });

  test.each<[string, number, Redemption]>([
    ['another verifier', 501481, { form: { code_verifier: 'w'.repeat(43) } }],
    ['no verifier', 501481, { form: { code_verifier: undefined } }],
    ['another redirect URI', 500112, { form: { redirect_uri: `${CALLBACK}/x` } }],
    ['another tenant path', 700005, { tenant: 'contoso.com' }],
    ['no secret', 7000218, { form: { client_secret: undefined } }],
    ['no code', 90014, { form: { code: '' } }],
    ['a made-up code', 70000, { form: { code: 'x' } }],
  ])('refuses %s with AADSTS%i', async (_name, expected, changes) => {
    const environment = await setUpEnvironment();
    const answer = await signIn(environment);

    const { body } = await redeem(environment, answer.get('code'), changes);

    expect(body.error_codes).toEqual([expected]);
  });

  test('redeems a code once', async () => {
    const environment = await setUpEnvironment();
    const answer = await signIn(environment);
    await redeem(environment, answer.get('code'));

    const { status, body } = await redeem(environment, answer.get('code'));

    expect([status, body.error, body.error_codes]).toEqual([400, 'invalid_grant', [54005]]);
  });

  test('lets a code live one minute', async () => {
    const environment = await setUpEnvironment();
    const answer = await signIn(environment);
    environment.advance(60_000);

    const { body } = await redeem(environment, answer.get('code'));

    expect(body.error_codes).toEqual([70008]);
  });
});
