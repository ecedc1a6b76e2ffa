import { ConfidentialClientApplication } from 'msal-node-v3';
import { expect, test } from 'vitest';
import { readClaims, SCOPE, startFace } from './set-up.ts';

const { tls, host, tool, contoso, fabrikam } = await startFace();

test('MSAL Node 3 gets the tokens of customers and keeps them apart in one cache', async () => {
  const auth = {
    clientId: tool.clientId,
    clientSecret: tool.secret,
    authority: `${tls.url}/${contoso.tenantId}`,
    knownAuthorities: [host],
  };
  const client = new ConfidentialClientApplication({ auth });
  const ask = async ({ tenantId }: { readonly tenantId: string }) => {
    const request = { scopes: [SCOPE], authority: `${tls.url}/${tenantId}` };
    const result = await client.acquireTokenByClientCredential(request);
    return [readClaims(result?.accessToken).tid, result?.fromCache];
  };
  const answered = [await ask(contoso), await ask(fabrikam), await ask(contoso)];
  expect(answered).toEqual([
    [contoso.tenantId, false],
    [fabrikam.tenantId, false],
    [contoso.tenantId, true],
  ]);
});
