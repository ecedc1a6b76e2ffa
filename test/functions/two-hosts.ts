import { afterAll, vi } from 'vitest';
import type { IncidentStore } from '../../local/defender/incident-store.ts';
import type { Broker } from '../../local/drill/broker.ts';
import { MINUTE, openEnvironment } from '../../local/drill/environment.ts';
import { startStorage } from '../../local/drill/storage.ts';
import { addTenant } from '../../local/entra/directory.ts';
import { onboard } from '../../local/sandbox/onboard-customers.ts';
import { findInstant } from '../../shared/incidents/instant.ts';
import { createSend } from './set-up.ts';

/** An incident as the broker's answers name it. */
interface HostMessage {
  readonly tenant_id: string;
  readonly incident_id: string;
  readonly last_update_at: string;
}

/** A change as the feed tells it. */
interface ToldChange {
  readonly sequence: number;
  readonly kind: string;
  readonly incident: HostMessage;
}

/**
 * Two processes of the broker on one storage, whose clocks are moved, and what Microsoft has and
 * was asked.
 */
export async function startTwoHosts() {
  // Not the run's Azurite: its clock is moved.
  const storage = await startStorage({ persist: false });
  afterAll(storage.close);
  const environment = await openEnvironment(storage);
  afterAll(environment.close);
  const [one, other] = [await environment.startBroker(), await environment.startBroker()];
  const { incidents, defender } = environment.microsoft;
  const send = createSend(environment.settings.AzureWebJobsStorage ?? '', environment.ringKey);

  const addCustomer = async (name: string, count: number) => {
    const tenant = addTenant(environment.partner.directory, { displayName: name });
    const [admin = '', user = ''] = tenant.users.map((person) => person.userPrincipalName);
    await onboard(one, { name, state: 'ready to consent', tenant, admin, user });
    const to = environment.now() - MINUTE;
    incidents.createBurst(tenant.tenantId, { count, from: to - 60 * MINUTE, to });
    return tenant.tenantId;
  };

  const listSkips = (tenantId: string) =>
    defender.requests
      .filter((request) => request.tenantId === tenantId)
      .map(({ path }) => Number(new URLSearchParams(path.split('?')[1]).get('$skip') ?? 0));

  const sendSync = async (tenantId: string) => void (await send('incident-sync', { tenantId }));

  const slowDown = (tenantId: string, delay: number) =>
    defender.faults.inject({ kind: 'slow', delay, tenantId, times: 1 });

  return {
    one,
    other,
    incidents,
    now: environment.now,
    pass: environment.pass,
    /** Adds a customer with incidents of the last hour; answers its tenant. */
    addCustomer,
    /** What was asked of a tenant's list so far, each request by its `$skip`. */
    listSkips,
    /** Puts a tenant's message into the queue once more. */
    sendSync,
    /** The tenant's next page takes that many milliseconds. */
    slowDown,
    /** All messages that are visible now are taken, by both. */
    drain: async () => void (await Promise.all([one.drain(), other.drain()])),
    /**
     * `one` takes a tenant's message while `other` stands still, and waits that long for the second
     * page.
     */
    hangAtSecondPage: async (tenantId: string, ms: number) => {
      for (const delay of [0, ms]) slowDown(tenantId, delay);
      other.pause();
      await sendSync(tenantId);
      const end = one.drain().catch(() => 'lost');
      await vi.waitUntil(() => listSkips(tenantId).length === 2, { timeout: 10_000, interval: 5 });
      return { end };
    },
    /** The versions of incidents that Microsoft has now, in a fixed order. */
    listVersions: () =>
      incidents
        .listTenants()
        .flatMap((id) => toVersions(id, incidents))
        .sort(),
  };
}

/** How many messages of the sync a process has taken. */
export function countRuns({ events }: Broker): number {
  return events('run.completed').filter((run) => run.function === 'syncTenant').length;
}

/** The incidents that a process lists, as versions in a fixed order. */
export async function readStore(broker: Broker): Promise<readonly string[]> {
  return (await readAll<HostMessage>(broker, '/incidents')).map(toVersion).sort();
}

/** The whole feed as a process tells it. */
export function readFeed(broker: Broker): Promise<readonly ToldChange[]> {
  return readAll<ToldChange>(broker, '/incidents/changes');
}

/** The versions in a stretch of the feed, in a fixed order. */
export function toVersionsOf(changes: readonly ToldChange[]): readonly string[] {
  return changes.map(({ incident }) => toVersion(incident)).sort();
}

function toVersions(tenantId: string, { listIncidents }: IncidentStore): readonly string[] {
  return listIncidents(tenantId).map(({ incidentId, lastUpdateTime }) =>
    toVersion({
      tenant_id: tenantId,
      incident_id: String(incidentId),
      last_update_at: findInstant(lastUpdateTime) ?? '',
    }),
  );
}

function toVersion({ tenant_id, incident_id, last_update_at }: HostMessage): string {
  return `${tenant_id} ${incident_id} ${last_update_at}`;
}

async function readAll<Row>(broker: Broker, path: string): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (let cursor = '', hasMore = true; hasMore; ) {
    const { body } = await broker.call('GET', `${path}?limit=500${cursor}`);
    rows.push(...body.value);
    cursor = `&cursor=${body.next_cursor}`;
    hasMore = body.has_more ?? body.next_cursor !== undefined;
  }
  return rows;
}
