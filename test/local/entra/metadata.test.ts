import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose';
import { describe, expect, test } from 'vitest';
import { addManagedIdentity } from '../../../local/entra/directory/applications.ts';
import { grantConsent } from '../../../local/entra/directory/grants.ts';
import { injectFault } from '../../../local/entra/faults.ts';
import { NOON, ORIGIN, requestToken, setUpEnvironment, type TestEnvironment } from './set-up.ts';

async function get(environment: TestEnvironment, path: string): Promise<Record<string, unknown>> {
  return await (await environment.fetch(`${ORIGIN}/${path}`)).json();
}

async function getKeys(environment: TestEnvironment, path: string): Promise<JSONWebKeySet> {
  return await (await environment.fetch(`${ORIGIN}/${path}`)).json();
}

async function setUp(): Promise<TestEnvironment> {
  const environment = await setUpEnvironment();
  grantConsent(environment.entra.directory, environment.where);
  return environment;
}

describe('the metadata', () => {
  test.each([
    ['v2.0/.well-known/openid-configuration', (tid: string) => `${ORIGIN}/${tid}/v2.0`],
    ['.well-known/openid-configuration', (tid: string) => `https://sts.windows.net/${tid}/`],
  ])('of %s turns a domain into its tenant', async (path, issuer) => {
    const environment = await setUp();

    const { tenantId } = environment.customer;
    const metadata = await get(environment, `contoso.com/${path}`);

    expect(metadata.issuer).toBe(issuer(tenantId));
    expect(metadata.token_endpoint).toMatch(`${ORIGIN}/${tenantId}/oauth2/`);
    expect(
      (await getKeys(environment, String(metadata.jwks_uri).slice(ORIGIN.length + 1))).keys,
    ).toHaveLength(1);
  });

  test.each(['common', 'organizations'])('of %s has a template for issuer', async (segment) => {
    const environment = await setUp();

    const metadata = await get(environment, `${segment}/v2.0/.well-known/openid-configuration`);

    expect(metadata.issuer).toBe(`${ORIGIN}/{tenantid}/v2.0`);
    expect(metadata.token_endpoint).toBe(`${ORIGIN}/${segment}/oauth2/v2.0/token`);
  });

  test('refuses an unknown tenant', async () => {
    const environment = await setUp();

    const answer = await get(environment, 'nobody.example/v2.0/.well-known/openid-configuration');

    expect(answer).toMatchObject({ error: 'invalid_tenant', error_codes: [90002] });
  });

  test('names the issuer in the keys of v2 only', async () => {
    const environment = await setUp();
    const { tenantId } = environment.customer;

    const [v2] = (await getKeys(environment, `${tenantId}/discovery/v2.0/keys`)).keys;
    const [v1] = (await getKeys(environment, `${tenantId}/discovery/keys`)).keys;

    expect(v2).toEqual({ ...v1, issuer: `${ORIGIN}/${tenantId}/v2.0` });
  });
});

describe('a rollover of the signing keys', () => {
  test('signs with a new key and keeps publishing the old one', async () => {
    const environment = await setUp();
    const before = (await requestToken(environment)).token;

    await environment.entra.rotateSigningKeys();

    const { token } = await requestToken(environment);
    const keys = createLocalJWKSet(await getKeys(environment, 'common/discovery/v2.0/keys'));
    const options = { currentDate: new Date(NOON) };
    const [old, current] = [
      await jwtVerify(before, keys, options),
      await jwtVerify(token, keys, options),
    ];
    expect(old.protectedHeader.kid).not.toBe(current.protectedHeader.kid);
  });

  test('withdraws the old keys in an emergency', async () => {
    const environment = await setUp();
    const { token } = await requestToken(environment);

    await environment.entra.rotateSigningKeys({ dropOld: true });

    await expect(environment.entra.verifyAccessToken(token)).rejects.toThrow('unknown key');
    expect((await getKeys(environment, 'common/discovery/keys')).keys).toHaveLength(1);
  });
});

describe('verifyAccessToken', () => {
  test('rejects what expired, what has no signature and what is no token', async () => {
    const environment = await setUp();
    const { token } = await requestToken(environment);
    const { verifyAccessToken } = environment.entra;

    await expect(verifyAccessToken(token)).resolves.toMatchObject({ ver: '1.0' });
    await expect(verifyAccessToken(token.replace(/[^.]+$/, ''))).rejects.toThrow();
    await expect(verifyAccessToken('x')).rejects.toThrow();
    environment.advance(3_599_000);
    await expect(verifyAccessToken(token)).rejects.toThrow('exp');
  });

  test('rejects a tenant that it does not know, and an issuer of another origin', async () => {
    const environment = await setUp();
    const { directory, verifyAccessToken } = environment.entra;
    injectFault(directory, { kind: 'wrong-tenant', answerTenantId: 'x', times: 1 });
    const { token } = await requestToken(environment);
    addManagedIdentity(directory, { name: 'broker' });
    const resource = 'api://AzureADTokenExchange';
    const { accessToken } = await environment.entra.issueManagedIdentityToken({ resource });
    environment.entra.setOrigin('https://other.example');

    await expect(verifyAccessToken(token)).rejects.toThrow('unknown issuer');
    await expect(verifyAccessToken(accessToken)).rejects.toThrow('unknown issuer');
  });
});
