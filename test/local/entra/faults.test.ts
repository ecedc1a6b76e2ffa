import { decodeJwt } from 'jose';
import { describe, expect, test } from 'vitest';
import { grantConsent } from '../../../local/entra/directory/grants.ts';
import { clearFaults, type Fault, injectFault } from '../../../local/entra/faults.ts';
import {
  NOON,
  ORIGIN,
  requestToken,
  setUpEnvironment,
  type TestEnvironment,
  XDR,
} from './set-up.ts';

async function setUp(...faults: readonly Fault[]): Promise<TestEnvironment> {
  const environment = await setUpEnvironment();
  grantConsent(environment.entra.directory, environment.where);
  for (const fault of faults) injectFault(environment.entra.directory, fault);
  return environment;
}

async function rolesOf(environment: TestEnvironment): Promise<unknown> {
  return decodeJwt((await requestToken(environment)).token).roles;
}

function post({ fetch, where }: TestEnvironment, signal?: AbortSignal): Promise<Response> {
  const init = { method: 'POST', body: new URLSearchParams(), signal: signal ?? null };
  return fetch(`${ORIGIN}/${where.tenantId}/oauth2/v2.0/token`, init);
}

describe('faults', () => {
  test('let roles lag behind the grant by time', async () => {
    const environment = await setUp({ kind: 'role-lag', ms: 60_000 });

    expect(await rolesOf(environment)).toBeUndefined();
    environment.advance(60_000);
    expect(await rolesOf(environment)).toEqual(['Incident.Read.All']);
  });

  test('let roles lag behind the grant by tokens', async () => {
    const environment = await setUp({ kind: 'role-lag', tokens: 3 });

    const roles = [
      await rolesOf(environment),
      await rolesOf(environment),
      await rolesOf(environment),
    ];

    expect(roles).toEqual([undefined, undefined, ['Incident.Read.All']]);
  });

  test('throttle the next requests of one tenant', async () => {
    const environment = await setUp();
    injectFault(environment.entra.directory, {
      kind: 'throttle',
      tenantId: environment.where.tenantId,
      times: 1,
    });

    const throttled = await post(environment);

    expect([
      throttled.status,
      throttled.headers.get('retry-after'),
      await throttled.text(),
    ]).toEqual([429, '60', 'Too Many Requests']);
    expect((await requestToken(environment)).status).toBe(200);
  });

  test('strike no other tenant and no other endpoint', async () => {
    const environment = await setUp({ kind: 'server-error' });
    injectFault(environment.entra.directory, {
      kind: 'throttle',
      tenantId: environment.home.tenantId,
    });
    const metadata = `${ORIGIN}/contoso.com/v2.0/.well-known/openid-configuration`;

    expect((await post(environment)).status).toBe(503);
    expect((await environment.fetch(metadata)).status).toBe(200);
    clearFaults(environment.entra.directory);
    expect((await requestToken(environment)).status).toBe(200);
  });

  test('drop the connection', async () => {
    const environment = await setUp({ kind: 'drop-connection' });

    await expect(post(environment)).rejects.toThrow('dropped');
    expect(environment.entra.requests.at(-1)?.status).toBe(0);
  });

  test('never answer until the caller gives up', async () => {
    const environment = await setUp({ kind: 'timeout' });

    await expect(post(environment, AbortSignal.timeout(20))).rejects.toThrow();
  });

  test('answer half a JSON body', async () => {
    const environment = await setUp({ kind: 'malformed-json' });

    const response = await post(environment);

    await expect(response.json()).rejects.toThrow(SyntaxError);
  });

  test('answer the token of another tenant', async () => {
    const environment = await setUp();
    const answerTenantId = environment.home.tenantId;
    injectFault(environment.entra.directory, { kind: 'wrong-tenant', answerTenantId });

    const { token } = await requestToken(environment);

    expect(decodeJwt(token)).toMatchObject({
      tid: answerTenantId,
      iss: `https://sts.windows.net/${answerTenantId}/`,
    });
  });

  test('answer an access token that is not a JWT', async () => {
    const environment = await setUp({ kind: 'opaque-token' });

    const { token } = await requestToken(environment);

    expect(token.split('.')).toHaveLength(1);
  });

  test('set the clock of Entra ahead', async () => {
    const environment = await setUp({ kind: 'clock-skew', ms: 600_000 });

    const { token } = await requestToken(environment);

    expect(decodeJwt(token).iat).toBe(NOON / 1000 + 300);
    await expect(environment.entra.verifyAccessToken(token)).rejects.toThrow();
  });

  test.each<[Fault, string]>([
    [{ kind: 'token-without-oid' }, 'oid'],
    [{ kind: 'token-without-roles' }, 'roles'],
    [{ kind: 'role-dropped', role: 'Incident.Read.All' }, 'roles'],
  ])('leave out a claim: %o', async (fault, claim) => {
    const environment = await setUp(fault);

    const { token } = await requestToken(environment);

    expect(decodeJwt(token)).not.toHaveProperty(claim);
  });

  test.each<[Fault['kind'] & ('secret-expired' | 'consent-revoked'), number]>([
    ['secret-expired', 7000222],
    ['consent-revoked', 7000229],
  ])('%s answers AADSTS%i', async (kind, code) => {
    const environment = await setUp({ kind });

    expect((await requestToken(environment)).body.error_codes).toEqual([code]);
  });

  test.each<[Fault['kind'] & ('secret-rotated' | 'tenant-gone' | 'licence-missing'), number]>([
    ['secret-rotated', 7000215],
    ['tenant-gone', 90002],
    ['licence-missing', 500011],
  ])('%s answers AADSTS%i', async (kind, code) => {
    const environment = await setUp({ kind });

    expect((await requestToken(environment)).body.error_codes).toEqual([code]);
  });

  test('disable the enterprise application once', async () => {
    const environment = await setUp({ kind: 'service-principal-disabled', times: 1 });

    expect((await requestToken(environment)).body.error_codes).toEqual([7000112]);
    expect(decodeJwt((await requestToken(environment)).token).aud).toBe(XDR);
  });
});
