import { randomBytes } from 'node:crypto';
import { inject } from 'vitest';
import { createAzureClients } from '../../shared/azure/clients.ts';
import type { OpenTable } from '../../shared/azure/table-store.ts';

/** A table of the run's Azurite that no other test uses. */
export function openNewTable(name: string): OpenTable {
  const azure = createAzureClients({
    storage: { connectionString: inject('storage') },
    keyVaultUrl: '',
    managedIdentityClientId: undefined,
  });
  const table = `${name}${randomBytes(8).toString('hex')}`;
  return () => azure.table(table);
}

let claimed = 0;

/** An account of the run's Azurite of its own, for a broker whose tables have fixed names. */
export function claimAccount(): string {
  const account = `w${process.env.VITEST_WORKER_ID}n${claimed++}`;
  return inject('worldStorage').replaceAll('ACCOUNT', account);
}
