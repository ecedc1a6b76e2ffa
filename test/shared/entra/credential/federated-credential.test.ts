import { expect, test, vi } from 'vitest';
import { createFederatedCredential } from '../../../../shared/entra/credential/federated-credential.ts';
import { createClock, SECOND } from '../../../support/clock.ts';

test.each([
  ['global', 'api://AzureADTokenExchange/.default'],
  ['gcc', 'api://AzureADTokenExchange/.default'],
  ['gcc-high', 'api://AzureADTokenExchangeUSGov/.default'],
  ['dod', 'api://AzureADTokenExchangeUSGov/.default'],
] as const)('in %s the identity’s token is for %s', async (cloud, scope) => {
  const getIdentityToken = vi.fn().mockResolvedValue('a token');
  const { now } = createClock();
  const credential = createFederatedCredential({ getIdentityToken, cloud, now });
  expect((await credential.authenticate('')).proof).toEqual({
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: 'a token',
  });
  expect(getIdentityToken).toHaveBeenCalledExactlyOnceWith(scope);
});

test('an identity endpoint that does not answer is not asked by every request', async () => {
  const getIdentityToken = vi.fn().mockRejectedValue(new Error('down'));
  const { now, pass } = createClock();
  const credential = createFederatedCredential({ getIdentityToken, cloud: 'global', now });
  const unavailable = { failure: { cause: 'credential_unavailable' } };
  await expect(credential.authenticate('')).rejects.toMatchObject(unavailable);
  await expect(credential.authenticate('')).rejects.toMatchObject(unavailable);
  expect(getIdentityToken).toHaveBeenCalledTimes(1);
  pass(5 * SECOND);
  await expect(credential.authenticate('')).rejects.toMatchObject(unavailable);
  expect(getIdentityToken).toHaveBeenCalledTimes(2);
});
