import { composeAuthority } from '../../functions/compose/authority.ts';
import type { Sandbox } from '../../local/sandbox/sandbox.ts';
import type { Guard } from '../../shared/azure/authority/row-guard.ts';
import { createAzureClients } from '../../shared/azure/clients/clients.ts';
import type { OpenTable } from '../../shared/azure/tables/table-store.ts';
import type { RingKey } from '../../shared/crypto/key-ring.ts';
import { createSeal } from '../../shared/crypto/seal.ts';
import { SILENT } from './broker.ts';

/** A table of a sandbox with what guards its rows, as one of its broker's processes has them. */
export function openSandboxTable(
  { settings, ringKey }: Pick<Sandbox, 'settings' | 'ringKey'>,
  name: string,
): { readonly open: OpenTable; readonly guard: Guard } {
  const azure = createAzureClients({
    storage: { connectionString: settings.AzureWebJobsStorage ?? '' },
    keyVaultUrl: '',
    managedIdentityClientId: undefined,
  });
  return { open: () => azure.table(name), guard: createGuard(azure, ringKey) };
}

/** What a process guards rows with that holds this key. */
export function createGuard(
  azure: Parameters<typeof composeAuthority>[0],
  ringKey: RingKey,
): Guard {
  const ring = { current: () => Promise.resolve(ringKey), find: () => Promise.resolve(ringKey) };
  const log = { ...SILENT, findScope: () => undefined };
  return composeAuthority(azure, { seal: createSeal(ring, Date.now), log }).guard;
}
