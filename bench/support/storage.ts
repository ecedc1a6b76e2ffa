import { startAzurite } from '../../local/azurite.ts';
import { type AzureClients, createAzureClients } from '../../shared/azure/clients/clients.ts';

/** A storage account of a section's own, in memory; stopped whatever becomes of the work. */
export async function withStorage<T>(work: (azure: AzureClients) => Promise<T>): Promise<T> {
  const { connectionString, stop } = await startAzurite();
  try {
    return await work(
      createAzureClients({
        storage: { connectionString },
        keyVaultUrl: '',
        managedIdentityClientId: undefined,
      }),
    );
  } finally {
    await stop();
  }
}
