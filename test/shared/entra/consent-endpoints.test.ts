import { expect, test, vi } from 'vitest';
import { createConsentEndpoints } from '../../../shared/entra/consent-endpoints.ts';
import type { ClientCredential } from '../../../shared/entra/credential/client-credential.ts';
import { CLIENT } from '../../support/tokens.ts';

const REDEMPTION = { code: 'damaged', codeVerifier: 'v', nonce: 'n', tenantId: undefined };

/** Redeems a code of a browser; Entra answers it with one error. */
function setUp(error: string, code: number) {
  const authentication = { version: 'one', proof: { client_secret: 's' } };
  const credential = {
    authenticate: vi.fn().mockResolvedValue(authentication),
    noteAccepted: vi.fn(),
    handleRefusal: vi.fn<ClientCredential['handleRefusal']>().mockResolvedValue('unconfirmed'),
    describe: () => ({ kind: 'secret', problems: [] }) as const,
  } satisfies ClientCredential;
  const answer = () => Response.json({ error, error_codes: [code] }, { status: 400 });
  const endpoints = createConsentEndpoints({
    fetch: () => Promise.resolve(answer()),
    authority: 'https://login.example',
    clientId: CLIENT,
    redirectUri: 'https://broker.example/api/consent/callback',
    scope: 'https://api.security.microsoft.com/.default',
    credential,
    verifyIdToken: () => Promise.reject(new Error('There is no token.')),
  });
  return { endpoints, credential, authentication };
}

test.each([
  ['invalid_request', 9002313],
  ['invalid_grant', 70000],
  ['invalid_grant', 54005],
])('a damaged code (%s, AADSTS%i) is the trouble of that browser alone', async (error, code) => {
  const { endpoints, credential } = setUp(error, code);
  for (const redeem of [endpoints.redeemSignIn, endpoints.redeemConsent]) {
    await expect(redeem(REDEMPTION)).rejects.toMatchObject({
      refusal: 'sign_in_failed',
      details: { entraCode: code },
    });
  }
  expect(credential.handleRefusal).not.toHaveBeenCalled();
});

test('a refusal of the client that a browser brings about is evidence of no tenant', async () => {
  const { endpoints, credential, authentication } = setUp('invalid_client', 7000215);
  const redemption = { ...REDEMPTION, tenantId: CLIENT };
  await expect(endpoints.redeemSignIn(redemption)).rejects.toMatchObject({
    refusal: 'sign_in_failed',
  });
  expect(credential.handleRefusal).toHaveBeenCalledExactlyOnceWith(authentication, {
    failure: { cause: 'credential_rejected', entraCode: 7000215 },
    tenantId: undefined,
  });
  credential.handleRefusal.mockResolvedValue('confirmed');
  await expect(endpoints.redeemSignIn(redemption)).rejects.toMatchObject({ refusal: 'try_later' });
});
