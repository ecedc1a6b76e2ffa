import type { Fault } from '../../../../local/defender/http/faults.ts';
import type { ListSettings } from '../../../../local/defender/http/list.ts';
import { createDefenderXdrSource } from '../../../../shared/defender/defender-xdr.ts';
import { createGraphSource } from '../../../../shared/defender/graph.ts';
import type { ChangeFeed } from '../../../../shared/incidents/feed/change-feed.ts';
import type { IncidentStore } from '../../../../shared/incidents/incident-store.ts';
import { createIncidentWriter } from '../../../../shared/incidents/incident-writer.ts';
import { findInstant } from '../../../../shared/incidents/instant.ts';
import type { SyncStateStore } from '../../../../shared/incidents/sync/sync-state.ts';
import { createSyncTenant } from '../../../../shared/incidents/sync/sync-tenant.ts';
import type { IncidentSourceName } from '../../../../shared/resources/incident-sources.ts';
import { createMeter } from '../../../../shared/telemetry/meter.ts';
import { createTenant } from '../../../../shared/tenants/tenant.ts';
import { CONTOSO, FABRIKAM, setUp } from '../../../local/defender/set-up.ts';
import { HOUR, MINUTE, SECOND } from '../../../support/clock.ts';
import { createRecordedLog } from '../../../support/log.ts';
import { type Steps, UNHARMED } from './killable.ts';

const ROLES = ['Incident.ReadWrite.All', 'SecurityIncident.ReadWrite.All'];

/** What a environment is stored in. */
export interface Stores {
  readonly incidents: IncidentStore;
  readonly feed: ChangeFeed;
  readonly states: SyncStateStore;
}

/** Something that happens upstream, to the network or to us. */
export type AuditEvent =
  | { do: 'create'; count: number; age: number; spread: number; late: number }
  | { do: 'update' | 'merge'; which: number; into: number }
  | { do: 'fault'; fault: Fault; times: number }
  | { do: 'pass'; minutes: number }
  | { do: 'switch'; source: IncidentSourceName }
  | { do: 'sync'; steps: (meanwhile: () => Promise<void>) => Steps };

/**
 * Both stand-ins with two customers whose incident ids collide, and a sync that can be killed at
 * any step.
 */
export async function createSyncEnvironment(stores: Stores, settings: Partial<ListSettings>) {
  const apis = await setUp();
  const { clock, incidents: upstream, defender, graph } = apis;
  const { nextLink: _graphAlwaysLinks, ...both } = settings;
  defender.configure(settings);
  graph.configure(both);
  const messages: { tenantId: string; at: number }[] = [];
  const now = () => clock.now;
  const optionsOf = (handle: typeof defender.handle, aud: string) => ({
    fetch: (async (input, init) => await handle(new Request(input, init))) satisfies typeof fetch,
    apiUrl: 'http://127.0.0.1',
    getToken: createGetToken((tid) => apis.issue({ aud, tid, roles: ROLES }), now),
    now,
  });
  const sources = {
    'defender-xdr': createDefenderXdrSource(
      optionsOf(defender.handle, 'https://api.security.microsoft.com'),
    ),
    graph: createGraphSource(optionsOf(graph.handle, 'https://graph.microsoft.com')),
  };

  const syncWith = async (tenantId: string, { watch }: Steps) => {
    const incidents = watch(stores.incidents);
    const tenant = { ...createTenant(tenantId, clock.now), status: 'active' as const };
    const sync = createSyncTenant({
      directory: { get: () => tenant, forget: () => undefined },
      watch: { ensureCurrent: () => undefined },
      states: watch(stores.states),
      sources: { 'defender-xdr': watch(sources['defender-xdr']), graph: watch(sources.graph) },
      incidents,
      write: createIncidentWriter({ incidents, changeFeed: watch(stores.feed), now }),
      enqueue: (id, delay) =>
        Promise.resolve(messages.push({ tenantId: id, at: clock.now + delay })).then(),
      defaultSource: 'defender-xdr',
      intervalMs: 5 * MINUTE,
      backfillMs: 30 * 24 * HOUR,
      findProxiedCalls: () => Promise.resolve(undefined),
      metrics: createMeter(),
      log: createRecordedLog(),
      now,
    });
    await sync(tenantId);
  };

  /** Lets time pass until the tenant is due, and syncs it, until it is complete up to here. */
  const settle = async (tenantId: string) => {
    const from = clock.now;
    for (let turn = 0; turn < 200; turn++) {
      const state = (await stores.states.find(tenantId))?.value;
      const isComplete = (state?.coverage?.completeUpTo ?? '') > toText(from);
      if (isComplete && !state?.walk && !state?.failure) return;
      clock.now = Math.max(clock.now + SECOND, state?.dueAt ?? 0, state?.lease?.until ?? 0);
      await syncWith(tenantId, UNHARMED);
    }
    throw new Error('The sync does not settle.');
  };

  const create = ({ count, age, spread, late }: Extract<AuditEvent, { do: 'create' }>) => {
    for (let index = 0; index < count; index++) {
      const at = clock.now - age * MINUTE + Math.floor((index * spread) / count);
      upstream.createIncident(CONTOSO, { at, listedFrom: clock.now + late * MINUTE });
    }
    upstream.createIncident(FABRIKAM);
  };

  const change = ({ do: how, which, into }: Extract<AuditEvent, { do: 'update' | 'merge' }>) => {
    const known = upstream.listIncidents(CONTOSO).map(({ incidentId }) => incidentId);
    const incidentId = known[which % Math.max(1, known.length)];
    const other = known[into % Math.max(1, known.length)];
    if (incidentId === undefined || other === undefined) return;
    const key = { tenantId: CONTOSO, incidentId };
    if (how === 'merge' && other !== incidentId) upstream.mergeIncident(key, other);
    else upstream.updateIncident(key, { assignedTo: `analyst ${into}` });
  };

  const switchTo = async (source: IncidentSourceName) => {
    const stored = await stores.states.find(CONTOSO);
    if (stored) await stores.states.replace(stored, { ...stored.value, source });
  };

  /** Another process takes over while this one is paused for longer than its lease. */
  const overtake = async () => {
    clock.now += 3 * MINUTE;
    await syncWith(CONTOSO, UNHARMED);
  };

  const act = async (what: AuditEvent): Promise<void> => {
    clock.now += SECOND;
    switch (what.do) {
      case 'create':
        return create(what);
      case 'update':
      case 'merge':
        return change(what);
      case 'fault':
        defender.faults.inject({ ...what.fault, times: what.times });
        return graph.faults.inject({ ...what.fault, times: what.times });
      case 'pass':
        clock.now += what.minutes * MINUTE;
        return;
      case 'switch':
        return await switchTo(what.source);
      case 'sync':
        return await syncWith(CONTOSO, what.steps(overtake)).catch(ignoreKill);
    }
  };

  return { ...apis, upstream, sources, act, settle, syncWith };
}

function ignoreKill(error: unknown): void {
  if (!(error instanceof Error && error.message === 'killed')) throw error;
}

function toText(time: number): string {
  return findInstant(new Date(time).toISOString()) ?? '';
}

/** Tokens live an hour here; making one costs more than everything else. */
function createGetToken(issue: (tid: string) => Promise<string>, now: () => number) {
  const tokens = new Map<string, Promise<string>>();
  return (tid: string): Promise<string> => {
    const key = `${tid} ${Math.floor(now() / (HOUR / 2))}`;
    const token = tokens.get(key) ?? issue(tid);
    tokens.set(key, token);
    return token;
  };
}
