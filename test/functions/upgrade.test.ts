import { expect, test } from 'vitest';
import { onboard } from '../../local/sandbox/onboard-customers.ts';
import type { Sandbox } from '../../local/sandbox/sandbox.ts';
import { createAzureClients } from '../../shared/azure/clients/clients.ts';
import { odata } from '../../shared/azure/tables/odata.ts';
import type { Row } from '../../shared/azure/tables/row.ts';
import { startOther } from './other-broker.ts';
import { startOwn } from './own-environment.ts';

const OF_US = ['mac', 'rowVersion', 'rowDigest', 'rowLedger', 'rowSignedAt'];

/**
 * Storage as a version without authenticated rows left it; whoever accepts it has no record of its
 * own.
 */
async function forgetAuthority({ settings, partner }: Sandbox) {
  const azure = createAzureClients({
    storage: { connectionString: settings.AzureWebJobsStorage ?? '' },
    keyVaultUrl: '',
    managedIdentityClientId: undefined,
  });
  for (const name of ['tenants', 'callers', 'invitations', 'incidentchanges']) {
    const table = await azure.table(name);
    for await (const row of table.listEntities<Record<string, unknown>>()) {
      const plain = Object.entries(row).filter(([column]) => !OF_US.includes(column));
      await table.updateEntity(Object.fromEntries(plain) as unknown as Row, 'Replace');
    }
  }
  await (await azure.table('callers')).deleteEntity('caller', partner.tools.operator.clientId);
  const acts = await azure.table('acts');
  const filter = odata`PartitionKey eq ${'chain'}`;
  for await (const { partitionKey = '', rowKey = '' } of acts.listEntities({
    queryOptions: { filter },
  })) {
    await acts.deleteEntity(partitionKey, rowKey);
  }
}

test('rows are of before they were authenticated: refused until an operator accepts them', async () => {
  const { sandbox, operator, contoso } = await startOwn();
  await onboard(operator, contoso);
  await forgetAuthority(sandbox);
  const other = await startOther(sandbox);
  const [playbook, accepting] = [await other('playbook'), await other('operator')];
  const path = `/tenants/${contoso.tenant.tenantId}/token`;
  expect((await accepting.call('GET', '/callers')).status).toBe(503);
  expect(await playbook.call('POST', path)).toMatchObject({
    status: 503,
    body: { error: 'integrity', owner: 'partner' },
  });
  const accepted = await accepting.call('POST', '/integrity/accept', { all: true, ledger: true });
  expect(accepted).toMatchObject({
    status: 200,
    body: { findings: [], unreadable: [], chain: { holds: true } },
  });
  expect((await playbook.call('POST', path)).status).toBe(200);
  const { body } = await accepting.call('GET', '/audit/acts?order=desc&limit=1');
  expect(body.value[0]).toMatchObject({ act: 'integrity.accept', detail: expect.any(String) });
});
