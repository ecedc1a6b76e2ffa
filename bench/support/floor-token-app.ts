import { app, type HttpRequest } from '@azure/functions';
import { createLocalJWKSet, decodeJwt, jwtVerify } from 'jose';
import { createAzureClients } from '../../shared/azure/clients/clients.ts';

// The least that hands out a token with the owner's packages: the same SDKs, the same round trips,
// all at once where the broker has to wait, and no rule, check or MAC between them. It needs the
// settings of a broker.
const { env } = process;
const setting = (name: string): string => env[name] ?? '';
const azure = createAzureClients({
  storage: { connectionString: setting('AzureWebJobsStorage') },
  keyVaultUrl: setting('KEY_VAULT_URL'),
  managedIdentityClientId: env.MANAGED_IDENTITY_CLIENT_ID,
  identityEndpoint: { url: setting('IDENTITY_ENDPOINT'), header: setting('IDENTITY_HEADER') },
});
const issuer = `${setting('ENTRA_AUTHORITY')}/${setting('PARTNER_TENANT_ID')}`;
const KEY_NAME = 'token-encryption-key';

async function verifyCaller(token: string): Promise<void> {
  const metadata = await fetch(`${issuer}/v2.0/.well-known/openid-configuration`);
  const { jwks_uri } = (await metadata.json()) as { jwks_uri: string };
  const keys = await fetch(jwks_uri);
  await jwtVerify(token, createLocalJWKSet(await keys.json()));
}

async function readKey(): Promise<void> {
  const secrets = await azure.secrets();
  for await (const { version } of secrets.listPropertiesOfSecretVersions(KEY_NAME)) {
    if (version !== undefined) await secrets.getSecret(KEY_NAME, { version });
  }
}

async function readRow(table: string, partitionKey: string, rowKey: string): Promise<object> {
  return await (await azure.table(table)).getEntity(partitionKey, rowKey);
}

async function insertRow(tenantId: string): Promise<void> {
  const row = { partitionKey: 'floor', rowKey: `${Date.now()}|${tenantId}`, tenantId };
  await (await azure.table('issuances')).createEntity(row);
}

async function answer({ params, headers }: HttpRequest) {
  const bearer = headers.get('authorization')?.slice('bearer '.length) ?? '';
  const { tenant = '' } = params;
  const [row] = await Promise.all([
    readRow('tokens', tenant, 'defender-xdr'),
    readRow('tenants', 'tenant', tenant),
    readRow('callers', 'caller', String(decodeJwt(bearer).azp)),
    readRow('acts', 'chain', 'head'),
    readRow('epoch', 'epoch', 'epoch').catch(() => undefined),
    readKey(),
    verifyCaller(bearer),
  ]);
  await insertRow(tenant);
  return { jsonBody: row };
}

app.http('token', {
  methods: ['POST'],
  route: 'api/tenants/{tenant}/token',
  authLevel: 'anonymous',
  handler: answer,
});

// The triggers that the broker has too: listening to them is the host's own start.
const nothing = () => undefined;
app.timer('refresh', { schedule: '%TOKEN_REFRESH_SCHEDULE%', handler: nothing });
for (const queueName of ['token-refresh', 'consent-verification', 'incident-sync']) {
  app.storageQueue(queueName, { queueName, connection: 'AzureWebJobsStorage', handler: nothing });
}
