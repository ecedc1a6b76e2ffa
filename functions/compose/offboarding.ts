import type { Config } from '../../shared/config.ts';
import type { Log } from '../../shared/log.ts';
import { createOffboardings, type Purge } from '../../shared/offboarding/offboarding.ts';
import { createIssueReceipt } from '../../shared/offboarding/receipt.ts';
import { createReceiptKeys } from '../../shared/offboarding/receipt-keys.ts';
import type { HuntingServices } from '../services.ts';
import type { Entra } from './entra.ts';
import type { Storage } from './storage.ts';
import type { Tokens } from './tokens.ts';

const { now } = Date;

/** Wires the offboarding. Whatever keeps a tenant's id or data has its line in `purges`. */
export function composeOffboarding(
  { publicBaseUrl, receiptKeyName }: Config,
  {
    storage,
    entra,
    tokens,
    loadHunting,
    log,
  }: {
    storage: Storage;
    entra: Entra;
    tokens: Tokens;
    loadHunting: () => Promise<HuntingServices>;
    log: Log;
  },
) {
  const purges: Readonly<Record<string, Purge>> = {
    tokens: ({ tenantId }) => storage.tokens.removeTenant(tenantId),
    invitations: storage.purgeInvitations,
    grant_rules: storage.purgeGrants,
    subscription_filters: storage.purgeSubscriptions,
    sync_states: async ({ tenantId }) => {
      const known = await storage.syncStates.find(tenantId);
      await storage.syncStates.remove(tenantId);
      return known ? 1 : 0;
    },
    api_calls: ({ tenantId }) => storage.apiCalls.removeTenant(tenantId),
    hunts: async (target) => (await loadHunting()).purge(target),
    incidents: ({ tenantId }) => storage.incidents.removeTenant(tenantId),
    incident_changes: ({ tenantId }) => storage.changeFeed.removeTenant(tenantId),
  };
  const { vault } = entra;
  const receiptKeys = createReceiptKeys({
    listVersions: () => vault.listVersions(receiptKeyName),
    readVersion: (version) => vault.readVersion(receiptKeyName, version),
    log,
    now,
  });
  return {
    offboardings: createOffboardings({
      tenants: storage.tenants,
      resolveTenant: entra.resolveTenant,
      purges,
      advanceEpoch: tokens.watch.advance,
      log,
      now,
    }),
    receiptKeys,
    issueReceipt: createIssueReceipt({ keys: receiptKeys, publicBaseUrl, now }),
  };
}
