import { createAudit } from '../../shared/audit/audit.ts';
import { createExplainConflict } from '../../shared/audit/describe/explain-conflict.ts';
import { toTenantHash } from '../../shared/audit/tenant-hash.ts';
import { createIntegrityProbe } from '../../shared/authority/integrity-probe.ts';
import type { AzureClients } from '../../shared/azure/clients/clients.ts';
import { readQueueDepth } from '../../shared/azure/queues/queue-depth.ts';
import type { Config } from '../../shared/config.ts';
import { createHealthCheck } from '../../shared/health/health-check.ts';
import {
  createCredentialProbe,
  createKeyRingProbe,
  createQueueProbe,
} from '../../shared/health/probes.ts';
import { createNoteTimerRun, createTimerProbe } from '../../shared/health/timer-runs.ts';
import type { Log } from '../../shared/log.ts';
import type { GetRetentionMs } from '../../shared/retention/retention.ts';
import { createIncidentSweep } from '../../shared/retention/sweep-incidents.ts';
import { createLedgerSweep } from '../../shared/retention/sweep-ledgers.ts';
import type { ResolveTenant } from '../../shared/tenants/tenant-name.ts';
import { createWebhookProbe } from '../../shared/webhooks/webhook-probe.ts';
import { QUEUES } from '../queues.ts';
import type { Authority } from './authority.ts';
import type { Entra } from './entra.ts';
import { composeIntegrity } from './integrity.ts';
import type { Storage } from './storage.ts';

const { now } = Date;

/** Wires what runs beside the callers: health, the daily sweep, the memory of timers. */
export function composeOperations(
  config: Config,
  parts: {
    azure: AzureClients;
    authority: Authority;
    storage: Storage;
    entra: Entra;
    webhooks: { readonly sweep: () => Promise<void> };
    loadHunting: () => Promise<{ readonly sweep: () => Promise<void> }>;
    getRetentionMs: GetRetentionMs;
    log: Log;
  },
) {
  const { storage, getRetentionMs, log } = parts;
  const integrity = composeIntegrity(parts.authority, { storage, log });
  return {
    integrity,
    getHealth: composeHealth(config, parts),
    sweep: composeSweep(storage, {
      sweeps: [
        parts.webhooks.sweep,
        async () => (await parts.loadHunting()).sweep(),
        integrity.check,
      ],
      getRetentionMs,
      log,
    }),
    noteTimerRun: createNoteTimerRun({ runs: storage.timerRuns, log, now }),
  };
}

/** What the broker cannot do without, each really touched. */
function composeHealth(
  { partnerTenantId, tokenKeyName }: Config,
  {
    azure,
    authority,
    storage,
    entra,
  }: { azure: AzureClients; authority: Authority; storage: Storage; entra: Entra },
) {
  const { requestToken, credential, vault } = entra;
  const depthOf = (name: string) => readQueueDepth(() => azure.queue(name));
  return createHealthCheck({
    probes: {
      credential: createCredentialProbe({
        getHomeToken: () => requestToken({ tenantId: partnerTenantId, resource: 'graph' }),
        describe: credential.describe,
        now,
      }),
      key_vault: createKeyRingProbe({
        listVersions: () => vault.listVersions(tokenKeyName),
        current: entra.ring.current,
        now,
      }),
      tables: async () => ({ epoch: (await storage.epoch.read()) !== '' }),
      queues: createQueueProbe(QUEUES, depthOf),
      timers: createTimerProbe({ runs: storage.timerRuns, now }),
      integrity: createIntegrityProbe({ ...authority, now }),
      webhooks: createWebhookProbe({ list: storage.subscriptions.list, now }),
    },
    now,
  });
}

/** Wires the ledger and its questions. */
export function composeAudit({
  storage,
  resolveTenant,
}: {
  storage: Storage;
  resolveTenant: ResolveTenant;
}) {
  const { issuances, events, tenants, grants } = storage;
  const audit = createAudit({ issuances, events, tenants, grants, now });
  const resolveTenantHash = async (name: string) => {
    const tenantId = await resolveTenant(name);
    return tenantId && toTenantHash(tenantId);
  };
  const explainConflict = createExplainConflict({ audit, resolveTenantHash });
  return { audit, resolveTenantHash, explainConflict };
}

/** Wires what the daily timer removes: one part that fails holds no other up. */
function composeSweep(
  storage: Storage,
  {
    sweeps,
    ...common
  }: { sweeps: readonly (() => Promise<unknown>)[]; getRetentionMs: GetRetentionMs; log: Log },
): () => Promise<void> {
  const { issuances, events, removeExpired } = storage;
  const ledgers = [issuances, events];
  const sweepLedgers = createLedgerSweep({ removeExpired, ledgers, ...common, now });
  const sweepIncidents = createIncidentSweep({ ...storage, ...common, now });
  return async () => {
    const outcomes = await Promise.allSettled(
      [sweepLedgers, sweepIncidents, ...sweeps].map((sweep) => sweep()),
    );
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failed) throw failed.reason;
  };
}
