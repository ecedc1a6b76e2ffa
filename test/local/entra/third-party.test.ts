import { createHash, generateKeyPairSync } from 'node:crypto';
import {
  ConfidentialClientApplication,
  CryptoProvider,
  type INetworkModule,
  type NodeAuthOptions,
} from '@azure/msal-node';
import { decodeJwt } from 'jose';
import * as openid from 'openid-client';
import { afterEach, expect, test } from 'vitest';
import { createAdminBrowser } from '../../../local/entra/admin-browser.ts';
import { addApplication } from '../../../local/entra/directory/applications.ts';
import { grantConsent } from '../../../local/entra/directory/grants.ts';
import { createDirectory } from '../../../local/entra/directory.ts';
import { createEntra } from '../../../local/entra/entra.ts';
import { type Served, serve } from '../../../local/serve.ts';

const MICROSOFT = 'https://login.microsoftonline.com';
const CALLBACK = 'http://localhost:7071/api/callback';
const ADMIN = 'admin@partner.onmicrosoft.com';
const SCOPE = 'https://api.security.microsoft.com/.default';

const servers: Served[] = [];
afterEach(async () => {
  for (const { stop } of servers.splice(0)) await stop();
});

const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const thumbprint = createHash('sha256').update('certificate');

async function setUp(origin?: string) {
  const directory = createDirectory({ homeTenant: { displayName: 'Partner' } });
  const { clientId } = addApplication(directory, {
    displayName: 'Broker',
    secrets: ['right&+%'],
    certificates: [
      {
        x5tS256: thumbprint.copy().digest('base64url'),
        publicJwk: publicKey.export({ format: 'jwk' }),
      },
    ],
    redirectUris: [CALLBACK],
    requiredAppRoles: { 'defender-xdr': ['Incident.Read.All'] },
  });
  const tenantId = directory.homeTenantId;
  grantConsent(directory, { tenantId, clientId });
  const entra = await createEntra({ directory, ...(origin === undefined ? {} : { origin }) });
  const served = await serve(entra.handle);
  servers.push(served);
  return { url: served.url, tenantId, clientId };
}

/** Reaches the stand-in where MSAL believes Microsoft to be. */
function toNetworkClient(url: string): INetworkModule {
  async function send<T>(target: string, init: RequestInit) {
    const response = await fetch(target.replace(MICROSOFT, url), init);
    const headers = Object.fromEntries(response.headers);
    const body: T = await response.json();
    return { headers, status: response.status, body };
  }
  return {
    sendGetRequestAsync: (target, options) => send(target, { headers: options?.headers ?? {} }),
    sendPostRequestAsync: (target, options) =>
      send(target, {
        method: 'POST',
        headers: options?.headers ?? {},
        body: options?.body ?? null,
      }),
  };
}

async function setUpMsal(credential: Partial<NodeAuthOptions>) {
  const environment = await setUp(MICROSOFT);
  const { url, tenantId, clientId } = environment;
  const msal = new ConfidentialClientApplication({
    auth: { clientId, authority: `${MICROSOFT}/${tenantId}`, ...credential },
    system: { networkClient: toNetworkClient(url) },
  });
  return { ...environment, msal };
}

/** Signs the admin in at the stand-in and gives the address that the browser was sent to. */
async function signIn(address: string): Promise<URL> {
  const browser = createAdminBrowser({
    fetch: async (target, init) =>
      target.startsWith(CALLBACK) ? new Response('welcome') : await fetch(target, init),
  });
  await browser.open(address);
  await browser.chooseAccount(ADMIN);
  return new URL(browser.url);
}

const clientCertificate = {
  thumbprintSha256: thumbprint.copy().digest('hex'),
  privateKey: String(privateKey.export({ type: 'pkcs8', format: 'pem' })),
};

test.each([
  ['secret', { clientSecret: 'right&+%' }],
  ['certificate', { clientCertificate }],
])('MSAL Node gets a token by %s', async (_name, credential) => {
  const { msal, tenantId } = await setUpMsal(credential);

  const result = await msal.acquireTokenByClientCredential({ scopes: [SCOPE] });

  expect(decodeJwt(result?.accessToken ?? '')).toMatchObject({
    tid: tenantId,
    roles: ['Incident.Read.All'],
  });
});

test('MSAL Node completes the code flow with PKCE', async () => {
  const { msal, url, tenantId } = await setUpMsal({ clientSecret: 'right&+%' });
  const { verifier, challenge } = await new CryptoProvider().generatePkceCodes();
  const request = { scopes: ['openid', 'profile'], redirectUri: CALLBACK };

  const pkce = { codeChallenge: challenge, codeChallengeMethod: 'S256' };
  const address = await msal.getAuthCodeUrl({ ...request, ...pkce, responseMode: 'query' });
  const answer = await signIn(address.replace(MICROSOFT, url));
  const code = answer.searchParams.get('code') ?? '';
  const result = await msal.acquireTokenByCode({ ...request, code, codeVerifier: verifier });

  expect(result?.account).toMatchObject({ tenantId, username: ADMIN, name: 'Adele Admin' });
});

async function discover() {
  const { url, tenantId, clientId } = await setUp();
  return await openid.discovery(
    new URL(`${url}/${tenantId}/v2.0`),
    clientId,
    'right&+%',
    undefined,
    {
      execute: [openid.allowInsecureRequests, openid.enableNonRepudiationChecks],
    },
  );
}

test('openid-client gets a token by client credentials', async () => {
  const config = await discover();

  const result = await openid.clientCredentialsGrant(config, { scope: SCOPE });

  expect(result).toMatchObject({ token_type: 'bearer', expires_in: 3599 });
});

test('openid-client completes the code flow with PKCE and nonce', async () => {
  const config = await discover();
  const pkceCodeVerifier = openid.randomPKCECodeVerifier();
  const address = openid.buildAuthorizationUrl(config, {
    redirect_uri: CALLBACK,
    scope: 'openid profile',
    state: 'st',
    nonce: 'no',
    code_challenge: await openid.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
  });

  const answer = await signIn(address.href);
  const checks = { pkceCodeVerifier, expectedState: 'st', expectedNonce: 'no' };
  const result = await openid.authorizationCodeGrant(config, answer, checks);

  expect(result.claims()).toMatchObject({ preferred_username: ADMIN, nonce: 'no' });
});
