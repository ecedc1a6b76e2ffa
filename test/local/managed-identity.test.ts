import { ManagedIdentityCredential } from '@azure/identity';
import { afterEach, expect, test, vi } from 'vitest';
import { createManagedIdentity } from '../../local/managed-identity.ts';
import { serve } from '../../local/serve.ts';

const CLIENT = 'aaaaaaaa-0000-4000-8000-000000000001';
const STRANGER = 'aaaaaaaa-0000-4000-8000-000000000002';
const VAULT = 'https://vault.azure.net';
const UNKNOWN =
  'No User Assigned or Delegated Managed Identity found for specified ClientId/ResourceId/PrincipalId.';

function setUp() {
  return createManagedIdentity({
    header: 'identity-header',
    issueToken: ({ resource, clientId }) => {
      if (resource === 'api://nowhere')
        return Promise.reject(new Error('AADSTS500011: not found.'));
      if (clientId === STRANGER) return Promise.reject(new Error('no such identity'));
      return Promise.resolve({ accessToken: `token for ${resource}`, expiresOn: 4_102_444_800 });
    },
  });
}

function ask(query: Record<string, string>, headers: Record<string, string>) {
  const all = { 'api-version': '2019-08-01', resource: VAULT, client_id: CLIENT, ...query };
  return new Request(`http://127.0.0.1/msi/token?${new URLSearchParams(all)}`, { headers });
}

afterEach(() => {
  vi.unstubAllEnvs();
});

test('the real credential gets a token once and keeps it, and learns of an unknown identity', async () => {
  const identity = setUp();
  const server = await serve(identity.handle);
  vi.stubEnv('IDENTITY_ENDPOINT', `${server.url}/msi/token`);
  vi.stubEnv('IDENTITY_HEADER', 'identity-header');
  const credential = new ManagedIdentityCredential({ clientId: CLIENT });

  const first = await credential.getToken(`${VAULT}/.default`);
  const second = await credential.getToken(`${VAULT}/.default`);
  const stranger = new ManagedIdentityCredential({ clientId: STRANGER }).getToken(VAULT);

  await expect(stranger).rejects.toThrow(UNKNOWN);
  expect(first.token).toBe(`token for ${VAULT}`);
  // MSAL counts in whole seconds from now, so a second may pass between.
  expect(Math.abs(first.expiresOnTimestamp - 4_102_444_800_000)).toBeLessThanOrEqual(2000);
  expect(second.token).toBe(first.token);
  expect(identity.requests).toEqual([
    { resource: VAULT, clientId: CLIENT, status: 200 },
    { resource: VAULT, clientId: STRANGER, status: 400 },
  ]);
  await server.stop();
});

test('the resource is echoed exactly as it was asked for', async () => {
  const { handle } = setUp();

  const response = await handle(
    ask({ resource: 'api://AzureADTokenExchange/' }, { 'X-IDENTITY-HEADER': 'identity-header' }),
  );

  expect(await response.json()).toEqual({
    access_token: 'token for api://AzureADTokenExchange/',
    expires_on: '4102444800',
    resource: 'api://AzureADTokenExchange/',
    token_type: 'Bearer',
    client_id: CLIENT,
  });
});

const RIGHT = { 'X-IDENTITY-HEADER': 'identity-header' };
const WRONG = { 'X-IDENTITY-HEADER': 'guess' };

test.each([
  { name: 'no header', query: {}, headers: {}, status: 401, message: /header is missing/ },
  { name: 'a wrong header', query: {}, headers: WRONG, status: 403, message: /header is wrong/ },
  {
    name: 'another protocol version',
    query: { 'api-version': '2017-09-01' },
    headers: RIGHT,
    status: 400,
    message: /2019-08-01/,
  },
  {
    name: 'no resource',
    query: { resource: '' },
    headers: RIGHT,
    status: 400,
    message: /resource/,
  },
  {
    name: 'an unknown resource',
    query: { resource: 'api://nowhere' },
    headers: RIGHT,
    status: 400,
    message: /^AADSTS500011/,
  },
])('$name is refused with $status', async ({ query, headers, status, message }) => {
  const response = await setUp().handle(ask(query, headers));

  expect(await response.json()).toEqual({
    statusCode: status,
    message: expect.stringMatching(message),
    correlationId: expect.any(String),
  });
  expect(response.status).toBe(status);
});
