import { randomBytes } from 'node:crypto';
import { inject } from 'vitest';
import {
  type BlobContainer,
  createBlobContainer,
} from '../../shared/azure/blobs/blob-container.ts';
import { createAzureClients } from '../../shared/azure/clients/clients.ts';
import type { OpenTable } from '../../shared/azure/tables/table-store.ts';
import { ACCOUNTS_PER_FILE, MAX_FILES, toAccountName } from './accounts.ts';

/** A table of the run's Azurite that no other test uses. */
export function openNewTable(name: string): OpenTable {
  const unique = toUnique(name);
  const azure = connect();
  return () => azure.table(unique);
}

/** Two processes' access to one table. */
export function openNewTableTwice(name: string): readonly [OpenTable, OpenTable] {
  const unique = toUnique(name);
  const [one, other] = [connect(), connect()];
  return [() => one.table(unique), () => other.table(unique)];
}

/** A blob container of the run's Azurite that no other test uses. */
export function openNewContainer(name: string): BlobContainer {
  return createBlobContainer(() => connect().blobs(), toUnique(name));
}

/** The names of all blobs of a container. */
export async function listNames(blobs: BlobContainer): Promise<readonly string[]> {
  const names: string[] = [];
  for await (const page of blobs.list('')) names.push(...page.map(({ name }) => name));
  return names;
}

function toUnique(name: string): string {
  return `${name}${randomBytes(8).toString('hex')}`;
}

function connect() {
  return createAzureClients({
    storage: { connectionString: inject('storage') },
    keyVaultUrl: '',
    managedIdentityClientId: undefined,
  });
}

const claimed = { by: '', count: 0 };

/** An account of the run's Azurite of its own, for a broker whose tables have fixed names. */
export function claimAccount(): string {
  // Files share a process, and each has a number of its own.
  const by = process.env.VITEST_WORKER_ID ?? '';
  if (claimed.by !== by) Object.assign(claimed, { by, count: 0 });
  if (claimed.count >= ACCOUNTS_PER_FILE || Number(by) >= MAX_FILES) {
    throw new Error('No storage account is left: see test/support/accounts.ts.');
  }
  const account = toAccountName(by, claimed.count++);
  return inject('environmentStorage').replaceAll('ACCOUNT', account);
}
