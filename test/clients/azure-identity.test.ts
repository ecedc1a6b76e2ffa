import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  ClientAssertionCredential,
  ClientCertificateCredential,
  ClientSecretCredential,
  DefaultAzureCredential,
  EnvironmentCredential,
  WorkloadIdentityCredential,
} from '@azure/identity';
import { afterAll, afterEach, expect, test, vi } from 'vitest';
import { createSelfSigned } from '../../local/key-vault/self-signed.ts';
import { addIdentity, readClaims, SCOPE, startFace } from './set-up.ts';

const face = await startFace();
const { tls, tool, contoso, fabrikam } = face;
const identity = await addIdentity(face);
const OPTIONS = { authorityHost: tls.url, disableInstanceDiscovery: true };
const folder = await mkdtemp(join(tmpdir(), 'azure-identity-'));
afterAll(() => rm(folder, { recursive: true }));
afterEach(() => vi.unstubAllEnvs());

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

test('a WorkloadIdentityCredential shows the token that lies in its file', async () => {
  const tokenFilePath = join(folder, 'token');
  await writeFile(tokenFilePath, await identity.getAssertion());
  const { tenantId } = contoso;
  const { clientId } = identity;
  const options = { ...OPTIONS, tenantId, clientId, tokenFilePath };
  const { token } = await new WorkloadIdentityCredential(options).getToken(SCOPE);
  expect(readClaims(token).tid).toBe(tenantId);
});

test.each([
  ['EnvironmentCredential', EnvironmentCredential],
  ['DefaultAzureCredential', DefaultAzureCredential],
])('a %s takes its secret from the environment', async (_, Credential) => {
  vi.stubEnv('AZURE_TENANT_ID', contoso.tenantId);
  vi.stubEnv('AZURE_CLIENT_ID', tool.clientId);
  vi.stubEnv('AZURE_CLIENT_SECRET', tool.secret);
  const { token } = await new Credential(OPTIONS).getToken(SCOPE);
  expect(readClaims(token).tid).toBe(contoso.tenantId);
});

test('a certificate is refused with what to show instead: the broker knows no keys of others', async () => {
  const hour = 3_600_000;
  const life = { notBefore: Date.now() - hour, notAfter: Date.now() + hour };
  const { pem: certificate } = createSelfSigned({ commonName: 'tool', ...life });
  const credential = new ClientCertificateCredential(
    contoso.tenantId,
    tool.clientId,
    { certificate },
    OPTIONS,
  );
  await expect(credential.getToken(SCOPE)).rejects.toThrow(
    /invalid_client.*To be done by: caller\..*access token of the home tenant/s,
  );
});
