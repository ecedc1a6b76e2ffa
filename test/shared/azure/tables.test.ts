import { createServer } from 'node:net';
import type { TableClient } from '@azure/data-tables';
import { expect, test } from 'vitest';
import { createAzureClients } from '../../../shared/azure/clients/clients.ts';
import { createTenantTable } from '../../../shared/azure/records/tenant-table.ts';
import { createTokenTable } from '../../../shared/azure/records/token-table.ts';
import { createSyncStateTable } from '../../../shared/azure/sync/sync-state-table.ts';
import { createTenant } from '../../../shared/tenants/tenant.ts';
import { createTokenRecord } from '../../../shared/tokens/token-record.ts';
import { createRecordedLog } from '../../support/log.ts';
import { openNewTable } from '../../support/storage.ts';
import { OTHER_TENANT, TENANT } from '../../support/tokens.ts';

type PipelinePolicy = Parameters<TableClient['pipeline']['addPolicy']>[0];

const KEY = { tenantId: TENANT, resource: 'defender-xdr' } as const;

test('a table is made when it is missing, and not asked for when it is there', async () => {
  const open = openNewTable('tokens');
  const tokens = createTokenTable(open, createRecordedLog());
  const sent: string[] = [];
  const sendRequest: PipelinePolicy['sendRequest'] = (request, next) => {
    sent.push(request.method);
    return next(request);
  };
  (await open()).pipeline.addPolicy({ name: 'recorder', sendRequest }, { phase: 'Sign' });
  expect(await tokens.find(KEY)).toBeUndefined();
  expect(sent.splice(0)).toEqual(['GET', 'POST', 'GET']);
  await tokens.insert(createTokenRecord(KEY));
  await tokens.find(KEY);
  expect(sent).toEqual(['POST', 'GET']);
});

test('a record comes back as it was written', async () => {
  const tokens = createTokenTable(openNewTable('tokens'), createRecordedLog());
  const record = {
    ...createTokenRecord(KEY),
    token: { sealed: 'x', issuedAt: 1, expiresAt: 3, refreshAt: 2 },
    requestedAt: 4,
    retryState: { cause: 'throttled' as const, count: 2, at: 5, retryAt: 6, retryAfterMs: 7 },
    lease: { owner: 'o', until: 8 },
    fence: 9,
  };
  await tokens.insert(record);
  expect((await tokens.find(KEY))?.value).toEqual(record);
});

test('a write that has not seen the last one is refused', async () => {
  const tokens = createTokenTable(openNewTable('tokens'), createRecordedLog());
  const first = await tokens.insert(createTokenRecord(KEY));
  if (!first) throw new Error('The row existed.');
  expect(await tokens.replace(first, { ...first.value, fence: 1 })).toBeDefined();
  expect(await tokens.replace(first, { ...first.value, fence: 2 })).toBeUndefined();
  expect((await tokens.find(KEY))?.value.fence).toBe(1);
});

test('a second insert of the same key is refused', async () => {
  const tokens = createTokenTable(openNewTable('tokens'), createRecordedLog());
  await tokens.insert(createTokenRecord(KEY));
  expect(await tokens.insert(createTokenRecord(KEY))).toBeUndefined();
});

test('a row of another version of the app is logged and left out of lists', async () => {
  const log = createRecordedLog();
  const open = openNewTable('tokens');
  const tokens = createTokenTable(open, log);
  await tokens.insert(createTokenRecord(KEY));
  await (await open()).createEntity({ partitionKey: OTHER_TENANT, rowKey: 'mail', fence: 1 });
  const pages = [];
  for await (const page of tokens.summaries()) pages.push(...page);
  expect(pages.map(({ tenantId }) => tenantId)).toEqual([TENANT]);
  expect(log.lines).toEqual([
    { level: 'error', event: 'row.unreadable', fields: { partition: OTHER_TENANT, row: 'mail' } },
  ]);
});

test('what only informs can be of another version without hiding the row', async () => {
  const open = openNewTable('tenants');
  const tenants = createTenantTable(open, createRecordedLog());
  await tenants.insert({ ...createTenant(TENANT, 0), status: 'active' });
  const odd = { failure: '{"cause":"from_the_future"}', proofs: '{"mail":1}', reconsent: '{' };
  await (await open()).updateEntity({ partitionKey: 'tenant', rowKey: TENANT, ...odd }, 'Merge');
  expect((await tenants.find(TENANT))?.value).toMatchObject({
    status: 'active',
    failure: undefined,
    proofs: {},
    reconsent: undefined,
    sparedUntil: undefined,
  });
});

test('quotes in a value do not change a query', async () => {
  const tenants = createTenantTable(openNewTable('tenants'), createRecordedLog());
  await tenants.insert({ ...createTenant(TENANT, 0), status: 'active' });
  const page = await tenants.list({ limit: 10, after: "' or RowKey gt '" });
  expect(page.tenants).toHaveLength(1);
  expect((await tenants.list({ limit: 10, after: "zzz' or RowKey gt '" })).tenants).toEqual([]);
});

test.each([
  ['tokens', createTokenTable],
  ['incidentsync', createSyncStateTable],
] as const)(
  'a list of %s that breaks off says that storage does not answer',
  async (name, create) => {
    const open = openNewTable(name);
    const { pipeline } = await open();
    const sendRequest = () => Promise.reject(new Error('gone'));
    pipeline.addPolicy({ name: 'gone', sendRequest }, { phase: 'Sign' });
    const first = create(open, createRecordedLog()).summaries()[Symbol.asyncIterator]().next();
    await expect(first).rejects.toMatchObject({ code: 'temporarily_unavailable' });
  },
);

test('a connection that went silent is given up', async () => {
  const silent = createServer(() => undefined);
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const address = silent.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const connectionString = [
    'DefaultEndpointsProtocol=http',
    'AccountName=devstoreaccount1',
    'AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==',
    `TableEndpoint=http://127.0.0.1:${port}/devstoreaccount1`,
  ].join(';');
  const azure = createAzureClients({
    storage: { connectionString },
    keyVaultUrl: '',
    managedIdentityClientId: undefined,
  });
  const tenants = createTenantTable(() => azure.table('tenants'), createRecordedLog());
  await expect(tenants.find(TENANT)).rejects.toMatchObject({ code: 'temporarily_unavailable' });
  silent.close();
});
