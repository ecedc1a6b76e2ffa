import { afterAll, expect, test } from 'vitest';
import { createManagedIdentity } from '../../../local/managed-identity.ts';
import { serve } from '../../../local/serve.ts';
import { createAppServiceIdentity } from '../../../shared/azure/clients/app-service-identity.ts';
import { createClock, MINUTE } from '../../support/clock.ts';

const CLIENT = '11111111-1111-4111-8111-111111111111';
const TABLES = 'https://storage.azure.com';
const HOUR = 60 * MINUTE;
const clock = createClock();

/** A platform with one identity, whose tokens live for an hour. */
async function setUp() {
  let issued = 0;
  const platform = createManagedIdentity({
    header: 'identity-header',
    issueToken: ({ resource, clientId }) => {
      if (clientId !== CLIENT) return Promise.reject(new Error('Nobody knows it.'));
      const expiresOn = Math.floor((clock.now() + HOUR) / 1000);
      return Promise.resolve({ accessToken: `${resource} ${++issued}`, expiresOn });
    },
  });
  const server = await serve(platform.handle);
  afterAll(server.stop);
  const create = (clientId: string | undefined, header = 'identity-header') =>
    createAppServiceIdentity({
      endpoint: { url: `${server.url}/msi/token`, header },
      clientId,
      retryOptions: { maxRetries: 1, retryDelayInMs: 1 },
      timeoutMs: 3000,
      now: clock.now,
    });
  return { platform, server, create };
}

test('a token is asked for once, by requests at once too, and kept until shortly before its end', async () => {
  const { platform, create } = await setUp();
  const credential = create(CLIENT);

  const both = [`${TABLES}/.default`, [`${TABLES}/.default`]].map((it) => credential.getToken(it));
  const tokens = await Promise.all(both);
  clock.pass(54 * MINUTE);
  const kept = await credential.getToken(`${TABLES}/.default`);
  clock.pass(2 * MINUTE);
  const renewed = await credential.getToken(`${TABLES}/.default`);

  expect(tokens.map((one) => one?.token)).toEqual([`${TABLES} 1`, `${TABLES} 1`]);
  expect(kept?.token).toBe(`${TABLES} 1`);
  expect(renewed?.token).toBe(`${TABLES} 2`);
  expect(renewed?.expiresOnTimestamp).toBeGreaterThan(clock.now() + 59 * MINUTE);
  const asked = { resource: TABLES, clientId: CLIENT, status: 200 };
  expect(platform.requests).toEqual([asked, asked]);
});

test('each resource has a token of its own', async () => {
  const { create } = await setUp();
  const credential = create(CLIENT);
  const tables = await credential.getToken(`${TABLES}/.default`);
  const vault = await credential.getToken('https://vault.azure.net/.default');
  expect([tables?.token, vault?.token]).toEqual([`${TABLES} 1`, 'https://vault.azure.net 2']);
});

test('an identity that the platform does not know has no token, nor has a wrong header', async () => {
  const { create } = await setUp();
  const ask = (credential: ReturnType<typeof create>) => credential.getToken(`${TABLES}/.default`);
  await expect(ask(create(undefined))).rejects.toThrow(
    "The managed identity's endpoint answered 400",
  );
  const refused = ask(create(CLIENT, 'another-header'));
  await expect(refused).rejects.toThrow("The managed identity's endpoint answered 403");
  await expect(refused).rejects.not.toThrow('another-header');
});

test('a token that still works is served while the endpoint is away', async () => {
  const { server, create } = await setUp();
  const credential = create(CLIENT);
  await credential.getToken(`${TABLES}/.default`);
  await server.stop();
  clock.pass(57 * MINUTE);
  const kept = await credential.getToken(`${TABLES}/.default`);
  expect(kept?.token).toBe(`${TABLES} 1`);
  clock.pass(4 * MINUTE);
  await expect(credential.getToken(`${TABLES}/.default`)).rejects.toThrow();
});
