import { ClientAssertionCredential, ClientSecretCredential } from '@azure/identity';
import { expect, test } from 'vitest';
import { addIdentity, readClaims, SCOPE, startFace } from './set-up.ts';

const face = await startFace();
const { tls, tool, contoso, fabrikam } = face;
const identity = await addIdentity(face);
const OPTIONS = { authorityHost: tls.url, disableInstanceDiscovery: true };

test('a ClientSecretCredential gets the token of each customer', async () => {
  const ask = async (tenantId: string) => {
    const credential = new ClientSecretCredential(tenantId, tool.clientId, tool.secret, OPTIONS);
    return readClaims((await credential.getToken(SCOPE)).token).tid;
  };
  expect(await ask(contoso.tenantId)).toBe(contoso.tenantId);
  expect(await ask('fabrikam.example')).toBe(fabrikam.tenantId);
});

test('one ClientSecretCredential serves several customers and mixes none up', async () => {
  const credential = new ClientSecretCredential(contoso.tenantId, tool.clientId, tool.secret, {
    ...OPTIONS,
    additionallyAllowedTenants: ['*'],
  });
  const ask = async (tenantId: string) =>
    readClaims((await credential.getToken(SCOPE, { tenantId })).token).tid;
  const tenants = [contoso, fabrikam, contoso, fabrikam].map(({ tenantId }) => tenantId);
  const answered: string[] = [];
  for (const tenantId of tenants) answered.push(await ask(tenantId));
  expect(answered).toEqual(tenants);
});

test('a ClientAssertionCredential shows the token of its managed identity: no secret anywhere', async () => {
  const { clientId, getAssertion } = identity;
  const { tenantId } = contoso;
  const credential = new ClientAssertionCredential(tenantId, clientId, getAssertion, OPTIONS);
  expect(readClaims((await credential.getToken(SCOPE)).token).tid).toBe(tenantId);
});

test('a refusal says who has to do what', async () => {
  const { tenantId } = contoso;
  const credential = new ClientSecretCredential(tenantId, tool.clientId, 'wrong', OPTIONS);
  await expect(credential.getToken(SCOPE)).rejects.toThrow(
    /invalid_client.*To be done by: caller/s,
  );
});
