import fc from 'fast-check';
import { expect } from 'vitest';
import type { SequencedChange } from '../../../../shared/incidents/feed/change-feed.ts';
import type { Incident } from '../../../../shared/incidents/incident.ts';
import { findInstant } from '../../../../shared/incidents/instant.ts';
import {
  INCIDENT_SOURCES,
  type IncidentSourceName,
} from '../../../../shared/resources/incident-sources.ts';
import { CONTOSO, FABRIKAM } from '../../../local/defender/set-up.ts';
import { HOUR } from '../../../support/clock.ts';
import { createKilled, createPaused, UNHARMED } from './killable.ts';
import { type AuditEvent, createSyncEnvironment, type Stores } from './sync-environment.ts';

const count = (max: number, min = 0) => fc.integer({ min, max });
/** What may happen to a customer, its network and us. */
export const acts: fc.Arbitrary<AuditEvent> = fc.oneof(
  fc.record({
    do: fc.constant('create'),
    count: fc.oneof(count(4, 1), count(130, 1)),
    age: count(600),
    spread: fc.constantFrom(0, 1, 1000, 60_000),
    late: fc.oneof(fc.constant(0), count(700)),
  }),
  fc.record({ do: fc.constantFrom('update', 'merge'), which: count(999), into: count(999) }),
  fc.record({
    do: fc.constant('fault'),
    fault: fc.constantFrom(
      { kind: 'throttled' },
      { kind: 'throttled', retryAfterIn: 'body' },
      { kind: 'failing' },
      { kind: 'dropped' },
      { kind: 'truncated' },
      { kind: 'partial' },
    ),
    times: count(3, 1),
  }),
  fc.record({ do: fc.constant('pass'), minutes: fc.oneof(count(10), count(700)) }),
  fc.record({ do: fc.constant('switch'), source: fc.constantFrom(...INCIDENT_SOURCES) }),
  fc.record({
    do: fc.constant('sync'),
    steps: fc.oneof(
      fc.constant(() => UNHARMED),
      fc.tuple(count(25, 1), fc.boolean()).map(
        ([after, isDone]) =>
          () =>
            createKilled(after, isDone),
      ),
      count(25, 1).map(
        (after) => (meanwhile: () => Promise<void>) => createPaused(after, meanwhile),
      ),
    ),
  }),
) as fc.Arbitrary<AuditEvent>;

/** Plays a history, lets the sync come to rest twice a day apart, and answers what came of it. */
export async function play(
  stores: Stores,
  history: readonly AuditEvent[],
  { source, settings }: { source: IncidentSourceName; settings: object },
) {
  const environment = await createSyncEnvironment(stores, settings);
  await environment.act({ do: 'sync', steps: () => UNHARMED });
  await environment.act({ do: 'switch', source });
  for (const one of history) await environment.act(one);
  environment.defender.faults.clear();
  environment.graph.faults.clear();
  await environment.settle(CONTOSO);
  environment.clock.now += 25 * HOUR;
  await environment.settle(CONTOSO);
  environment.defender.configure({ quotas: false });
  environment.graph.configure({ quotas: false });
  const changes = await readAll(async (after?: number) => {
    const page = await stores.feed.read(after ?? 0, 500);
    const next = page.changes.length > 0 ? page.position : undefined;
    return { all: page.changes, next };
  });
  const listed = await readAll(async (after?: string) => {
    const query = { tenantId: CONTOSO, limit: 500, ...(after !== undefined && { after }) };
    const { incidents, next } = await stores.incidents.list(query);
    return { all: incidents, next };
  });
  return { ...environment, stores, changes, listed };
}

async function readAll<T, K>(
  read: (after?: K) => Promise<{ all: readonly T[]; next: K | undefined }>,
): Promise<readonly T[]> {
  const all: T[] = [];
  let after: K | undefined;
  do {
    const page = await read(after);
    all.push(...page.all);
    after = page.next;
  } while (after !== undefined);
  return all;
}

interface Played extends Awaited<ReturnType<typeof createSyncEnvironment>> {
  readonly stores: Stores;
  readonly changes: readonly SequencedChange[];
  readonly listed: readonly Incident[];
}

/** What the customer's portal shows, as the API that each incident was read from tells it now. */
async function readTruth({ upstream, listed, sources }: Played) {
  const origin = new Map(listed.map((one) => [one.incidentId, one.source]));
  const all = upstream.listIncidents(CONTOSO).map(async ({ incidentId, lastUpdateTime }) => {
    const name = origin.get(String(incidentId)) ?? 'defender-xdr';
    const key = { tenantId: CONTOSO, incidentId: String(incidentId) };
    const read = await sources[name].get(key, { alerts: false });
    expect(read?.incident.lastUpdateAt).toBe(findInstant(lastUpdateTime));
    return read;
  });
  return await Promise.all(all);
}

/** Store and feed say what Microsoft says, and nothing of others. */
export async function expectTruth(played: Played): Promise<void> {
  const { stores, changes, listed } = played;
  const truth = await readTruth(played);
  for (const wanted of truth) {
    const key = { tenantId: CONTOSO, incidentId: wanted?.incident.incidentId ?? '' };
    expect(await stores.incidents.find(key)).toEqual(wanted);
  }
  expect(listed).toHaveLength(truth.length);
  const last = new Map(changes.map(({ incident }) => [incident.incidentId, incident]));
  for (const stored of listed) expect(last.get(stored.incidentId)).toEqual(stored);
  expect(changes.filter(({ incident }) => incident.tenantId === FABRIKAM)).toEqual([]);
}

/** Of each incident no change is older than the one before it. */
export function expectOrder({ changes }: Played): void {
  const seen = new Map<string, string>();
  for (const { incident } of changes) {
    expect(incident.lastUpdateAt >= (seen.get(incident.incidentId) ?? '')).toBe(true);
    seen.set(incident.incidentId, incident.lastUpdateAt);
  }
}
