import type { AzureClients } from '../../shared/azure/clients/clients.ts';
import { createVault } from '../../shared/azure/key-vault/vault.ts';
import type { Config } from '../../shared/config.ts';
import { createKeyRing } from '../../shared/crypto/key-ring.ts';
import { createSeal } from '../../shared/crypto/seal.ts';
import type { Log } from '../../shared/log.ts';

const { now } = Date;

/** Key Vault, the key ring and what it seals, wired. */
export type Keys = ReturnType<typeof composeKeys>;

/** Wires Key Vault and the key ring. */
export function composeKeys({ tokenKeyName }: Config, azure: AzureClients, log: Log) {
  const vault = createVault(azure.secrets, { log, now });
  const ring = createKeyRing({ loadKeys: () => vault.readKeys(tokenKeyName), log, now });
  return { vault, ring, seal: createSeal(ring, now) };
}
