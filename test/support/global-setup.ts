import type { TestProject } from 'vitest/node';
import { startAzurite } from '../../local/azurite.ts';
import { buildApp } from '../../local/build.ts';
import { ACCOUNTS_PER_FILE, MAX_FILES, toAccountName } from './accounts.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    readonly storage: string;
    /** A connection string whose account is called `ACCOUNT`. */
    readonly environmentStorage: string;
  }
}

const ACCOUNTS = Array.from({ length: MAX_FILES }, (_, file) =>
  Array.from({ length: ACCOUNTS_PER_FILE }, (_, broker) => toAccountName(file, broker)),
).flat();

/**
 * The bundle that hosts run, and one Azurite for the whole run, in which each test file takes
 * tables of its own.
 */
export async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const [azurite] = await Promise.all([startAzurite({ accounts: ACCOUNTS }), buildApp()]);
  provide('storage', azurite.connectionString);
  provide('environmentStorage', azurite.connectionStringOf('ACCOUNT'));
  return azurite.stop;
}
