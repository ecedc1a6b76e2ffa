import { randomBytes } from 'node:crypto';
import { inject } from 'vitest';
import { createAzureClients } from '../../shared/azure/clients.ts';
import { createOpenTable, type OpenTable } from '../../shared/azure/table-store.ts';

/** A table of the run's Azurite that no other test uses. */
export function openNewTable(name: string): OpenTable {
  const azure = createAzureClients({
    storage: { connectionString: inject('storage') },
    keyVaultUrl: '',
    managedIdentityClientId: undefined,
  });
  return createOpenTable(() => azure.table(`${name}${randomBytes(8).toString('hex')}`));
}
