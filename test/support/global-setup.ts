import type { TestProject } from 'vitest/node';
import { startAzurite } from '../../local/azurite.ts';
import { buildApp } from '../../local/build.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    readonly storage: string;
    /** A connection string whose account is called `ACCOUNT`. */
    readonly environmentStorage: string;
  }
}

/** More than there are test files, each with a few environments: see `claimAccount`. */
const ACCOUNTS = Array.from({ length: 340 }, (_, worker) =>
  Array.from({ length: 7 }, (_, environment) => `w${worker}n${environment}`),
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
