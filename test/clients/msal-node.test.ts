import { ConfidentialClientApplication } from '@azure/msal-node';
import { ConfidentialClientApplication as OldClientApplication } from 'msal-node-v2';
import { ConfidentialClientApplication as ThirdClientApplication } from 'msal-node-v3';
import { expect, test } from 'vitest';
import { addIdentity, readClaims, SCOPE, startFace } from './set-up.ts';

const face = await startFace();
const { tls, host, tool, contoso, fabrikam } = face;
const identity = await addIdentity(face);

const authority = (tenant: string) => ({
  authority: `${tls.url}/${tenant}`,
  knownAuthorities: [host],
});
const VERSIONS = [
  ['7', ConfidentialClientApplication],
  ['3', ThirdClientApplication],
  ['2', OldClientApplication],
] as const;

test.each(VERSIONS)(
  'MSAL Node %s gets the token of each customer by its secret',
  async (_, Client) => {
    const ask = async (tenant: string) => {
      const auth = { clientId: tool.clientId, clientSecret: tool.secret, ...authority(tenant) };
      const result = await new Client({ auth }).acquireTokenByClientCredential({ scopes: [SCOPE] });
      return readClaims(result?.accessToken).tid;
    };
    expect(await ask(contoso.tenantId)).toBe(contoso.tenantId);
    expect(await ask('fabrikam.example')).toBe(fabrikam.tenantId);
  },
);

test('MSAL Node 7 gets it without any secret, by the token of its managed identity', async () => {
  const { clientId, getAssertion } = identity;
  const auth = { clientId, clientAssertion: getAssertion, ...authority(contoso.tenantId) };
  const client = new ConfidentialClientApplication({ auth });
  const result = await client.acquireTokenByClientCredential({ scopes: [SCOPE] });
  expect(readClaims(result?.accessToken).tid).toBe(contoso.tenantId);
});

test.each(VERSIONS)(
  'MSAL Node %s keeps the tokens of customers apart in one cache',
  async (_, Client) => {
    const auth = {
      clientId: tool.clientId,
      clientSecret: tool.secret,
      ...authority(contoso.tenantId),
    };
    const client = new Client({ auth });
    const ask = async (tenant: { readonly tenantId: string }) => {
      const request = { scopes: [SCOPE], authority: `${tls.url}/${tenant.tenantId}` };
      const result = await client.acquireTokenByClientCredential(request);
      return [readClaims(result?.accessToken).tid, result?.fromCache];
    };
    expect([
      await ask(contoso),
      await ask(fabrikam),
      await ask(contoso),
      await ask(fabrikam),
    ]).toEqual([
      [contoso.tenantId, false],
      [fabrikam.tenantId, false],
      [contoso.tenantId, true],
      [fabrikam.tenantId, true],
    ]);
  },
);

test('10,000 calls through one client and one cache mix no customers up', async () => {
  const auth = {
    clientId: tool.clientId,
    clientSecret: tool.secret,
    ...authority(contoso.tenantId),
  };
  const client = new ConfidentialClientApplication({ auth });
  const tenants = [contoso, fabrikam];
  const mixed: number[] = [];
  const ask = async (turn: number) => {
    const { tenantId } = tenants[turn % 2] ?? contoso;
    const request = { scopes: [SCOPE], authority: `${tls.url}/${tenantId}` };
    const result = await client.acquireTokenByClientCredential(request);
    if (readClaims(result?.accessToken).tid !== tenantId) mixed.push(turn);
  };
  for (let turn = 0; turn < 10_000; turn += 50) {
    await Promise.all(Array.from({ length: 50 }, (_, index) => ask(turn + index)));
  }
  expect(mixed).toEqual([]);
});

test('what went wrong and who has to act is in the message that MSAL shows', async () => {
  const auth = { clientId: tool.clientId, clientSecret: 'wrong', ...authority(contoso.tenantId) };
  const client = new ConfidentialClientApplication({ auth });
  const refused = client.acquireTokenByClientCredential({ scopes: [SCOPE] });
  await expect(refused).rejects.toMatchObject({
    errorCode: 'invalid_client',
    errorMessage: expect.stringContaining('To be done by: caller. Check client id and secret'),
  });
});
