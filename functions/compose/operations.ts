import { createAudit } from '../../shared/audit/audit.ts';
import { createExplainConflict } from '../../shared/audit/explain-conflict.ts';
import { createLedgerSweep, type Sweep } from '../../shared/audit/sweep-ledgers.ts';
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
import { createIncidentSweep } from '../../shared/incidents/sweep-incidents.ts';
import type { Log } from '../../shared/log.ts';
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
    log: Log;
  },
) {
  const { storage, log } = parts;
  const integrity = composeIntegrity(parts.authority, { storage, log });
  return {
    integrity,
    getHealth: composeHealth(config, parts),
    sweep: composeSweep(config, storage, {
      sweeps: [
        parts.webhooks.sweep,
        async () => (await parts.loadHunting()).sweep(),
        integrity.check,
      ],
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

const DAY = 24 * 60 * 60_000;

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
  { auditRetentionDays, incidentRetentionDays }: Config,
  storage: Storage,
  { sweeps, log }: { sweeps: readonly (() => Promise<unknown>)[]; log: Log },
): Sweep {
  const { issuances, events, removeExpired, incidents, changeFeed } = storage;
  const sweepLedgers = createLedgerSweep({
    removeExpired,
    ledgers: [issuances, events],
    retentionMs: auditRetentionDays * DAY,
    log,
    now,
  });
  const sweepIncidents = createIncidentSweep({
    incidents,
    changeFeed,
    retentionMs: incidentRetentionDays * DAY,
    log,
    now,
  });
  return async () => {
    const outcomes = await Promise.allSettled(
      [sweepLedgers, sweepIncidents, ...sweeps].map((sweep) => sweep()),
    );
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failed) throw failed.reason;
  };
}
