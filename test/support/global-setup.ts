import type { TestProject } from 'vitest/node';
import { startAzurite } from '../../local/azurite.ts';
import { buildBundle } from '../../local/build.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    readonly storage: string;
  }
}

/** The bundle that hosts run, and one Azurite for the whole run, in which each test file takes tables of its own. */
export async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const [azurite] = await Promise.all([startAzurite(), buildBundle()]);
  provide('storage', azurite.connectionString);
  return azurite.stop;
}
