import { composeAuthority } from '../../functions/compose/authority.ts';
import type { Sandbox } from '../../local/sandbox/sandbox.ts';
import type { Guard } from '../../shared/azure/authority/row-guard.ts';
import { type AzureClients, createAzureClients } from '../../shared/azure/clients/clients.ts';
import type { RingKey } from '../../shared/crypto/key-ring.ts';
import { createSeal } from '../../shared/crypto/seal.ts';
import { SILENT } from './broker.ts';
import { createRing } from './ring.ts';

/** The clients of a sandbox's storage, as one of its broker's processes has them. */
export function openSandboxStorage({ settings }: Pick<Sandbox, 'settings'>): AzureClients {
  return createAzureClients({
    storage: { connectionString: settings.AzureWebJobsStorage ?? '' },
    keyVaultUrl: '',
    managedIdentityClientId: undefined,
  });
}

/** What a process guards rows with that holds this key. */
export function createGuard(azure: AzureClients, ringKey: RingKey): Guard {
  const log = { ...SILENT, findScope: () => undefined };
  return composeAuthority(azure, { seal: createSeal(createRing(ringKey), Date.now), log }).guard;
}
