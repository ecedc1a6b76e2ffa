import { ConfidentialClientApplication } from '@azure/msal-node';
import { ConfidentialClientApplication as OldClientApplication } from 'msal-node-v2';
import { expect, test } from 'vitest';
import { readClaims, SCOPE, startFace } from './set-up.ts';

const { tls, host, tool, contoso, fabrikam } = await startFace();

const auth = (tenant: string) => ({
  clientId: tool.clientId,
  clientSecret: tool.secret,
  authority: `${tls.url}/${tenant}`,
  knownAuthorities: [host],
});

test.each([
  ['7', ConfidentialClientApplication],
  ['2', OldClientApplication],
])('MSAL Node %s gets the token of each customer by its secret', async (_, Client) => {
  const ask = async (tenant: string) => {
    const client = new Client({ auth: auth(tenant) });
    return await client.acquireTokenByClientCredential({ scopes: [SCOPE] });
  };
  const tokens = [await ask(contoso.tenantId), await ask('fabrikam.example')];
  expect(tokens.map((token) => readClaims(token?.accessToken ?? '').tid)).toEqual([
    contoso.tenantId,
    fabrikam.tenantId,
  ]);
});
