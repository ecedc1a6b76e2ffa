import { SecretClient, type SecretClientOptions } from '@azure/keyvault-secrets';
import { expect, onTestFinished, test } from 'vitest';
import { createKeyVault } from '../../local/key-vault.ts';
import { serve } from '../../local/serve.ts';
import { createIssuer } from './defender/issuer.ts';

const TENANT = 'bbbbbbbb-0000-4000-8000-000000000001';
const NAME = 'partner-client-secret';
const NOW = Date.parse('2026-11-20T10:00:00Z');

// The client's challenge policy accepts https only, so the loopback address turns into http below
// it.
const LOOPBACK: SecretClientOptions = {
  allowInsecureConnection: true,
  disableChallengeResourceVerification: true,
  retryOptions: { maxRetries: 2, retryDelayInMs: 1 },
  additionalPolicies: [
    {
      position: 'perRetry',
      policy: {
        name: 'loopbackHttp',
        async sendRequest(request, next) {
          const secure = request.url;
          request.url = secure.replace('https://127.0.0.1', 'http://127.0.0.1');
          return await next(request).finally(() => {
            request.url = secure;
          });
        },
      },
    },
  ],
};

async function collect<T>(values: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const value of values) all.push(value);
  return all;
}

async function setUp(claims: { aud?: string; tid?: string } = {}) {
  const issuer = await createIssuer();
  const token = await issuer.issue({ aud: 'https://vault.azure.net', tid: TENANT, ...claims });
  const asked: unknown[] = [];
  const vault = createKeyVault({
    verifyAccessToken: issuer.verifyAccessToken,
    tenantId: TENANT,
    authority: 'https://login.microsoftonline.com',
    now: () => NOW,
  });
  const server = await serve(vault.handle);
  onTestFinished(server.stop);
  const getToken = (scopes: string | string[], options?: { tenantId?: string }) => {
    asked.push({ scopes, tenantId: options?.tenantId });
    return Promise.resolve({ token, expiresOnTimestamp: Date.now() + 3_600_000 });
  };
  const url = server.url.replace('http:', 'https:');
  return { vault, asked, url: server.url, client: new SecretClient(url, { getToken }, LOOPBACK) };
}

test('the real client answers the challenge once and reads current and older versions', async () => {
  const { vault, client, asked } = await setUp();
  const old = vault.setSecret(NAME, 'one', { contentType: 'text/plain' });
  vault.setSecret(NAME, 'two', { expiresOn: NOW - 1000, notBefore: NOW - 2000 });

  const current = await client.getSecret(NAME);
  const older = await client.getSecret(NAME, { version: old });

  expect(current.value).toBe('two');
  expect(current.properties).toMatchObject({
    enabled: true,
    createdOn: new Date(NOW + 1000),
    expiresOn: new Date(NOW - 1000),
    notBefore: new Date(NOW - 2000),
    recoveryLevel: 'Recoverable+Purgeable',
  });
  expect(older).toMatchObject({ value: 'one', properties: { contentType: 'text/plain' } });
  expect(asked).toEqual([{ scopes: ['https://vault.azure.net/.default'], tenantId: TENANT }]);
  expect(vault.requests.map(({ status }) => status)).toEqual([401, 200, 200]);
});

test('the versions of a secret are listed over several pages, those of an unknown one are none', async () => {
  const { vault, client } = await setUp();
  const versions = ['1', '2', '3', '4', '5'].map((value) => vault.setSecret(NAME, value));
  vault.disableVersion(NAME, versions[1] ?? '');

  const pages = client.listPropertiesOfSecretVersions(NAME).byPage({ maxPageSize: 2 });
  const listed = await collect(pages);
  const none = await collect(client.listPropertiesOfSecretVersions('nothing'));

  expect(listed.map((page) => page.length)).toEqual([2, 2, 1]);
  const flat = listed.flat();
  expect(new Set(flat.map(({ version }) => version))).toEqual(new Set(versions));
  expect(flat.filter(({ enabled }) => !enabled)).toMatchObject([{ version: versions[1] }]);
  expect(none).toEqual([]);
});

test('the real client sets a secret, changes it, and no value is in the record', async () => {
  const { vault, client } = await setUp();

  const set = await client.setSecret(NAME, 'canary-value', { expiresOn: new Date(NOW + 5000) });
  const version = set.properties.version ?? '';
  await client.updateSecretProperties(NAME, version, { contentType: 'application/json' });
  const read = await client.getSecret(NAME);

  expect(read).toMatchObject({
    value: 'canary-value',
    properties: { version, contentType: 'application/json', expiresOn: new Date(NOW + 5000) },
  });
  expect(vault.requests.map(({ method, status }) => `${method} ${status}`)).toEqual([
    'PUT 401',
    'PUT 200',
    'PATCH 200',
    'GET 200',
  ]);
  expect(JSON.stringify(vault.requests)).not.toContain('canary-value');
});

test('a disabled version is forbidden even when it is the current one', async () => {
  const { vault, client } = await setUp();
  vault.setSecret(NAME, 'one');
  vault.disableVersion(NAME, vault.setSecret(NAME, 'two'));

  await expect(client.getSecret(NAME)).rejects.toMatchObject({
    statusCode: 403,
    code: 'Forbidden',
    message: 'Operation get is not allowed on a disabled secret.',
    details: { error: { innerError: { code: 'SecretDisabled' } } },
  });
});

test('a missing secret and a missing version are not found', async () => {
  const { vault, client } = await setUp();
  vault.setSecret(NAME, 'one');
  const absent = { statusCode: 404, code: 'SecretNotFound' };

  await expect(client.getSecret('nothing')).rejects.toMatchObject(absent);
  await expect(client.getSecret(NAME, { version: 'abc' })).rejects.toMatchObject(absent);
});

test.each([
  { name: 'another audience', claims: { aud: 'https://vault.azure.net/' }, message: /^AKV10022/ },
  { name: 'another tenant', claims: { tid: 'other' }, message: /^AKV10032/ },
])('a token for $name is refused', async ({ claims, message }) => {
  const { vault, client } = await setUp(claims);
  vault.setSecret(NAME, 'one');

  await expect(client.getSecret(NAME)).rejects.toMatchObject({
    statusCode: 401,
    message: expect.stringMatching(message),
  });
});

test('no token meets the challenge that names tenant and resource', async () => {
  const { url } = await setUp();

  const response = await fetch(`${url}/secrets/${NAME}/?api%2Dversion=2026-04-01`);

  expect(response.status).toBe(401);
  expect(response.headers.get('www-authenticate')).toBe(
    `Bearer authorization="https://login.microsoftonline.com/${TENANT}", resource="https://vault.azure.net"`,
  );
});

test.each([
  { name: 'throttled', fault: { kind: 'throttled', retryAfterSeconds: 0 }, status: 429 },
  { name: 'failing', fault: { kind: 'failing', status: 503 }, status: 503 },
  { name: 'down', fault: { kind: 'dropped' }, status: 0 },
] as const)(
  'the real client outlives a vault that is $name for a while',
  async ({ fault, status }) => {
    const { vault, client } = await setUp();
    vault.setSecret(NAME, 'one');
    vault.faults.inject({ ...fault, times: 2 });

    const secret = await client.getSecret(NAME);

    expect(secret.value).toBe('one');
    expect(vault.requests.map((request) => request.status)).toEqual([status, status, 401, 200]);
  },
);

test('a throttled vault says so until it is told otherwise, a slow one answers late', async () => {
  const { vault, client } = await setUp();
  vault.setSecret(NAME, 'one');
  vault.faults.inject({ kind: 'throttled', retryAfterSeconds: 0 });
  const throttled = { statusCode: 429, code: 'Throttled' };
  await expect(client.getSecret(NAME)).rejects.toMatchObject(throttled);

  vault.faults.clear();
  vault.faults.inject({ kind: 'slow', delay: 60_000 });
  const late = client.getSecret(NAME, { abortSignal: AbortSignal.timeout(50) });

  await expect(late).rejects.toMatchObject({ name: 'AbortError' });
});
