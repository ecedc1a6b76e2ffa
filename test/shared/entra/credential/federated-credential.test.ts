import { expect, test, vi } from 'vitest';
import { createFederatedCredential } from '../../../../shared/entra/credential/federated-credential.ts';
import type { Prove } from '../../../../shared/entra/credential/home-tenant.ts';
import { createClock, SECOND } from '../../../support/clock.ts';
import { TENANT } from '../../../support/tokens.ts';

function setUp(cloud: 'global' | 'gcc' | 'gcc-high' | 'dod' = 'global') {
  const getIdentityToken = vi.fn().mockResolvedValue('a token');
  const prove = vi.fn<Prove>().mockResolvedValue('accepted');
  const clock = createClock();
  const credential = createFederatedCredential({
    getIdentityToken,
    cloud,
    prove,
    now: clock.now,
  });
  return { getIdentityToken, prove, clock, credential };
}

test.each([
  ['global', 'api://AzureADTokenExchange/.default'],
  ['gcc', 'api://AzureADTokenExchange/.default'],
  ['gcc-high', 'api://AzureADTokenExchangeUSGov/.default'],
  ['dod', 'api://AzureADTokenExchangeUSGov/.default'],
] as const)('in %s the identity’s token is for %s', async (cloud, scope) => {
  const { credential, getIdentityToken } = setUp(cloud);
  expect((await credential.authenticate('')).proof).toEqual({
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: 'a token',
  });
  expect(getIdentityToken).toHaveBeenCalledExactlyOnceWith(scope);
});

test('an identity endpoint that does not answer is not asked by every request', async () => {
  const { credential, getIdentityToken, clock } = setUp();
  getIdentityToken.mockRejectedValue(new Error('down'));
  const unavailable = { failure: { cause: 'credential_unavailable' } };
  await expect(credential.authenticate('')).rejects.toMatchObject(unavailable);
  await expect(credential.authenticate('')).rejects.toMatchObject(unavailable);
  expect(getIdentityToken).toHaveBeenCalledTimes(1);
  clock.pass(5 * SECOND);
  await expect(credential.authenticate('')).rejects.toMatchObject(unavailable);
  expect(getIdentityToken).toHaveBeenCalledTimes(2);
});

const UNTRUSTED = { cause: 'client_misconfigured', entraCode: 700213 } as const;

test('a refusal of the identity in one tenant stops no request when the home tenant takes it', async () => {
  const { credential } = setUp();
  const refused = await credential.authenticate('');
  const refusal = { failure: UNTRUSTED, tenantId: TENANT };
  expect(await credential.handleRefusal(refused, refusal)).toBe('unconfirmed');
  expect(await credential.authenticate('')).toEqual(refused);
});

test('the trust in our managed identity is removed: requests stop for half a minute', async () => {
  const { credential, prove, clock } = setUp();
  prove.mockResolvedValue('refused');
  const refused = await credential.authenticate('');
  const refusal = { failure: UNTRUSTED, tenantId: TENANT };
  expect(await credential.handleRefusal(refused, refusal)).toBe('confirmed');
  await expect(credential.authenticate('')).rejects.toMatchObject({
    failure: { ...UNTRUSTED, retryAfterMs: 30 * SECOND },
  });
  clock.pass(30 * SECOND);
  expect(await credential.authenticate('')).toEqual(refused);
});
