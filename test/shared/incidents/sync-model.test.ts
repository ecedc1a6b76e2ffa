import fc from 'fast-check';
import { expect, test } from 'vitest';
import { INCIDENT_SOURCES, type IncidentSourceName } from '../../../shared/incidents/incident.ts';
import { findInstant } from '../../../shared/incidents/instant.ts';
import { CONTOSO, FABRIKAM } from '../../local/defender/set-up.ts';
import { HOUR } from '../../support/clock.ts';
import { createKilled, createPaused, UNHARMED } from './killable.ts';
import { createMemoryFeed, createMemoryIncidents, createMemoryStates } from './memory.ts';
import { type Act, createSyncWorld } from './sync-world.ts';

const count = (max: number, min = 0) => fc.integer({ min, max });
const acts: fc.Arbitrary<Act> = fc.oneof(
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
) as fc.Arbitrary<Act>;

/** Plays a history, lets the sync come to rest twice a day apart, and answers what came of it. */
async function play(history: readonly Act[], source: IncidentSourceName, settings: object) {
  const [incidents, { feed, changes }, states] = [
    createMemoryIncidents(),
    createMemoryFeed(),
    createMemoryStates(),
  ];
  const world = await createSyncWorld({ incidents: incidents.store, feed, states }, settings);
  await world.act({ do: 'sync', steps: () => UNHARMED });
  await world.act({ do: 'switch', source });
  for (const one of history) await world.act(one);
  world.defender.faults.clear();
  world.graph.faults.clear();
  await world.settle(CONTOSO);
  world.clock.now += 25 * HOUR;
  await world.settle(CONTOSO);
  world.defender.configure({ quotas: false });
  world.graph.configure({ quotas: false });
  return { ...world, changes, incidents };
}

type Played = Awaited<ReturnType<typeof play>>;

/** What the customer's portal shows, as the API that each incident was read from tells it now. */
async function readTruth({ upstream, incidents, sources }: Played) {
  const origin = new Map(incidents.listOf(CONTOSO).map((one) => [one.incidentId, one.source]));
  const all = upstream.listIncidents(CONTOSO).map(async ({ incidentId, lastUpdateTime }) => {
    const name = origin.get(String(incidentId)) ?? 'defender-xdr';
    const key = { tenantId: CONTOSO, incidentId: String(incidentId) };
    const read = await sources[name].get(key, { alerts: false });
    expect(read?.incident.lastUpdateAt).toBe(findInstant(lastUpdateTime));
    return read;
  });
  return await Promise.all(all);
}

async function expectTruth(played: Played): Promise<void> {
  const { incidents, changes } = played;
  const truth = await readTruth(played);
  for (const wanted of truth) {
    const key = { tenantId: CONTOSO, incidentId: wanted?.incident.incidentId ?? '' };
    expect(await incidents.store.find(key)).toEqual(wanted);
  }
  expect(incidents.listOf(CONTOSO)).toHaveLength(truth.length);
  const last = new Map(changes.map(({ incident }) => [incident.incidentId, incident]));
  for (const stored of incidents.listOf(CONTOSO))
    expect(last.get(stored.incidentId)).toEqual(stored);
  expect(changes.filter(({ incident }) => incident.tenantId === FABRIKAM)).toEqual([]);
}

/** Of each incident no change is older than the one before it. */
function expectOrder({ changes }: Played): void {
  const seen = new Map<string, string>();
  for (const { incident } of changes) {
    expect(incident.lastUpdateAt >= (seen.get(incident.incidentId) ?? '')).toBe(true);
    seen.set(incident.incidentId, incident.lastUpdateAt);
  }
}

test.each(
  INCIDENT_SOURCES.flatMap((source) => [
    { source, list: 'as it is', settings: {} },
    { source, list: 'in the order of updates', settings: { order: 'by-update' } },
    { source, list: 'whose $skip ends', settings: { order: 'by-update', skipCeiling: 120 } },
    { source, list: 'with links', settings: { nextLink: true } },
  ]),
)(
  'after any history of faults and kills, store and feed are the truth of $source, its list $list',
  async ({ source, settings }) => {
    await fc.assert(
      fc.asyncProperty(fc.array(acts, { maxLength: 25 }), async (history) => {
        const played = await play(history, source, settings);
        await expectTruth(played);
        expectOrder(played);
      }),
      { numRuns: Number(process.env.MODEL_RUNS ?? 6) },
    );
  },
  60_000,
);
