import { decodeJwt } from 'jose';
import { describe, expect, test } from 'vitest';
import { grantConsent } from '../../../local/entra/directory/grants.ts';
import { clearFaults, type Fault, injectFault } from '../../../local/entra/faults.ts';
import { NOON, ORIGIN, requestToken, setUpWorld, type World, XDR } from './set-up.ts';

async function setUp(...faults: readonly Fault[]): Promise<World> {
  const world = await setUpWorld();
  grantConsent(world.entra.directory, world.where);
  for (const fault of faults) injectFault(world.entra.directory, fault);
  return world;
}

async function rolesOf(world: World): Promise<unknown> {
  return decodeJwt((await requestToken(world)).token).roles;
}

function post({ fetch, where }: World, signal?: AbortSignal): Promise<Response> {
  const init = { method: 'POST', body: new URLSearchParams(), signal: signal ?? null };
  return fetch(`${ORIGIN}/${where.tenantId}/oauth2/v2.0/token`, init);
}

describe('faults', () => {
  test('let roles lag behind the grant by time', async () => {
    const world = await setUp({ kind: 'role-lag', ms: 60_000 });

    expect(await rolesOf(world)).toBeUndefined();
    world.advance(60_000);
    expect(await rolesOf(world)).toEqual(['Incident.Read.All']);
  });

  test('let roles lag behind the grant by tokens', async () => {
    const world = await setUp({ kind: 'role-lag', tokens: 3 });

    const roles = [await rolesOf(world), await rolesOf(world), await rolesOf(world)];

    expect(roles).toEqual([undefined, undefined, ['Incident.Read.All']]);
  });

  test('throttle the next requests of one tenant', async () => {
    const world = await setUp();
    injectFault(world.entra.directory, {
      kind: 'throttle',
      tenantId: world.where.tenantId,
      times: 1,
    });

    const throttled = await post(world);

    expect([
      throttled.status,
      throttled.headers.get('retry-after'),
      await throttled.text(),
    ]).toEqual([429, '60', 'Too Many Requests']);
    expect((await requestToken(world)).status).toBe(200);
  });

  test('strike no other tenant and no other endpoint', async () => {
    const world = await setUp({ kind: 'server-error' });
    injectFault(world.entra.directory, { kind: 'throttle', tenantId: world.home.tenantId });
    const metadata = `${ORIGIN}/contoso.com/v2.0/.well-known/openid-configuration`;

    expect((await post(world)).status).toBe(503);
    expect((await world.fetch(metadata)).status).toBe(200);
    clearFaults(world.entra.directory);
    expect((await requestToken(world)).status).toBe(200);
  });

  test('drop the connection', async () => {
    const world = await setUp({ kind: 'drop-connection' });

    await expect(post(world)).rejects.toThrow('dropped');
    expect(world.entra.requests.at(-1)?.status).toBe(0);
  });

  test('never answer until the caller gives up', async () => {
    const world = await setUp({ kind: 'timeout' });

    await expect(post(world, AbortSignal.timeout(20))).rejects.toThrow();
  });

  test('answer half a JSON body', async () => {
    const world = await setUp({ kind: 'malformed-json' });

    const response = await post(world);

    await expect(response.json()).rejects.toThrow(SyntaxError);
  });

  test('answer the token of another tenant', async () => {
    const world = await setUp();
    const answerTenantId = world.home.tenantId;
    injectFault(world.entra.directory, { kind: 'wrong-tenant', answerTenantId });

    const { token } = await requestToken(world);

    expect(decodeJwt(token)).toMatchObject({
      tid: answerTenantId,
      iss: `https://sts.windows.net/${answerTenantId}/`,
    });
  });

  test('answer an access token that is not a JWT', async () => {
    const world = await setUp({ kind: 'opaque-token' });

    const { token } = await requestToken(world);

    expect(token.split('.')).toHaveLength(1);
  });

  test('set the clock of Entra ahead', async () => {
    const world = await setUp({ kind: 'clock-skew', ms: 600_000 });

    const { token } = await requestToken(world);

    expect(decodeJwt(token).iat).toBe(NOON / 1000 + 300);
    await expect(world.entra.verifyAccessToken(token)).rejects.toThrow();
  });

  test.each<[Fault, string]>([
    [{ kind: 'token-without-oid' }, 'oid'],
    [{ kind: 'token-without-roles' }, 'roles'],
    [{ kind: 'role-dropped', role: 'Incident.Read.All' }, 'roles'],
  ])('leave out a claim: %o', async (fault, claim) => {
    const world = await setUp(fault);

    const { token } = await requestToken(world);

    expect(decodeJwt(token)).not.toHaveProperty(claim);
  });

  test.each<[Fault['kind'] & ('secret-expired' | 'consent-revoked'), number]>([
    ['secret-expired', 7000222],
    ['consent-revoked', 7000229],
  ])('%s answers AADSTS%i', async (kind, code) => {
    const world = await setUp({ kind });

    expect((await requestToken(world)).body.error_codes).toEqual([code]);
  });

  test.each<[Fault['kind'] & ('secret-rotated' | 'tenant-gone' | 'licence-missing'), number]>([
    ['secret-rotated', 7000215],
    ['tenant-gone', 90002],
    ['licence-missing', 500011],
  ])('%s answers AADSTS%i', async (kind, code) => {
    const world = await setUp({ kind });

    expect((await requestToken(world)).body.error_codes).toEqual([code]);
  });

  test('disable the enterprise application once', async () => {
    const world = await setUp({ kind: 'service-principal-disabled', times: 1 });

    expect((await requestToken(world)).body.error_codes).toEqual([7000112]);
    expect(decodeJwt((await requestToken(world)).token).aud).toBe(XDR);
  });
});
