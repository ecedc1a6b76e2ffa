import type { TestProject } from 'vitest/node';
import { startAzurite } from '../../local/azurite.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    readonly storage: string;
  }
}

/** One Azurite for the whole run; each test file takes tables of its own. */
export async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const azurite = await startAzurite();
  provide('storage', azurite.connectionString);
  return azurite.stop;
}
