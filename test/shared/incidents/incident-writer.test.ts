import { expect, test } from 'vitest';
import type { IncidentStore } from '../../../shared/incidents/incident-store.ts';
import { createIncidentWriter } from '../../../shared/incidents/incident-writer.ts';
import { shift, toInstant } from '../../../shared/incidents/instant.ts';
import { TENANT } from '../../support/tokens.ts';
import { createMemoryFeed, createMemoryIncidents } from './memory.ts';
import { fetched } from './set-up.ts';

const NOW = Date.UTC(2026, 10, 21);
const AT = toInstant(NOW);
const LATER = shift(AT, 1);

function setUp(change: Partial<IncidentStore> = {}) {
  const incidents = createMemoryIncidents();
  const { feed, changes } = createMemoryFeed();
  const create = (store: IncidentStore, changeFeed = feed) =>
    createIncidentWriter({ incidents: store, changeFeed, now: () => NOW });
  const write = create({ ...incidents.store, ...change });
  const kinds = () => changes.map(({ kind, incident }) => `${kind} ${incident.incidentId}`);
  return { incidents, feed, changes, create, write, kinds };
}

test('what is new is stored and announced, once', async () => {
  const { write, kinds, incidents } = setUp();
  const all = [fetched(1, AT), fetched(2, AT)];
  expect(await write(TENANT, all)).toEqual({ changed: 2, skipped: [] });
  expect(await write(TENANT, all)).toEqual({ changed: 0, skipped: [] });
  expect(kinds()).toEqual(['created 1', 'created 2']);
  expect(incidents.writes()).toBe(2);
});

test('a later update is announced, an older answer is not', async () => {
  const { write, kinds, incidents } = setUp();
  await write(TENANT, [fetched(1, LATER)]);
  await write(TENANT, [fetched(1, AT, { status: 'resolved' })]);
  expect(incidents.listOf(TENANT)).toMatchObject([{ status: 'active' }]);
  await write(TENANT, [fetched(1, shift(LATER, 1), { status: 'resolved' })]);
  expect(kinds()).toEqual(['created 1', 'updated 1']);
});

test('what stands in the store as of a time to come holds no answer back', async () => {
  const { write, kinds, incidents } = setUp();
  const ahead = fetched(1, toInstant(NOW + 24 * 60 * 60_000), { status: 'resolved' });
  await write(TENANT, [ahead]);
  expect(await write(TENANT, [ahead])).toMatchObject({ changed: 0 });
  await write(TENANT, [fetched(1, LATER)]);
  expect(incidents.listOf(TENANT)).toMatchObject([{ status: 'active', lastUpdateAt: LATER }]);
  expect(kinds()).toEqual(['created 1', 'updated 1']);
});

test('of the same age, other alerts are news from the same API and none from another', async () => {
  const { write, kinds } = setUp();
  const first = fetched(1, AT);
  await write(TENANT, [first]);
  await write(TENANT, [{ ...first, raw: '{"alerts":[1]}' }]);
  const other = fetched(1, AT, { source: 'graph', alertCount: undefined });
  await write(TENANT, [other]);
  expect(kinds()).toEqual(['created 1', 'updated 1']);
});

test('an incident twice in one page is written once, as its later word says', async () => {
  const { write, incidents, kinds } = setUp();
  await write(TENANT, [fetched(1, LATER, { name: 'later' }), fetched(1, AT, { name: 'earlier' })]);
  expect(incidents.listOf(TENANT)).toMatchObject([{ name: 'later' }]);
  expect(kinds()).toEqual(['created 1']);
});

test('a redirected incident is announced as merged', async () => {
  const { write, kinds } = setUp();
  await write(TENANT, [fetched(1, AT)]);
  await write(TENANT, [fetched(1, LATER, { redirectIncidentId: '2' })]);
  expect(kinds()).toEqual(['created 1', 'merged 1']);
});

test('killed before the feed, the next reading announces it', async () => {
  const { incidents, feed, create, kinds, write } = setUp();
  const append = () => Promise.reject(new Error('killed'));
  const dying = create(incidents.store, { ...feed, append });
  await expect(dying(TENANT, [fetched(1, AT)])).rejects.toThrow('killed');
  await write(TENANT, [fetched(1, AT)]);
  expect(kinds()).toEqual(['created 1']);
  await write(TENANT, [fetched(1, AT)]);
  expect(kinds()).toHaveLength(1);
});

test('what was never announced and is then read from another API is stored as it is announced', async () => {
  const { incidents, feed, create, write, changes } = setUp();
  const append = () => Promise.reject(new Error('killed'));
  const dying = create(incidents.store, { ...feed, append });
  await expect(dying(TENANT, [fetched(1, AT)])).rejects.toThrow('killed');
  await write(TENANT, [fetched(1, AT, { source: 'graph', alertCount: undefined })]);
  expect(changes.map(({ incident }) => incident)).toEqual(incidents.listOf(TENANT));
  expect(changes).toMatchObject([{ kind: 'created', incident: { source: 'graph' } }]);
});

test('what was never announced is announced as new even if it changed meanwhile', async () => {
  const { incidents, feed, create, kinds, write } = setUp();
  const append = () => Promise.reject(new Error('killed'));
  const dying = create(incidents.store, { ...feed, append });
  await expect(dying(TENANT, [fetched(1, AT)])).rejects.toThrow('killed');
  await write(TENANT, [fetched(1, LATER)]);
  expect(kinds()).toEqual(['created 1']);
});

test('killed after the feed, the next reading announces it again and then never', async () => {
  const { incidents, create, kinds, write } = setUp();
  const markPublished = () => Promise.reject(new Error('killed'));
  const dying = create({ ...incidents.store, markPublished });
  await expect(dying(TENANT, [fetched(1, AT)])).rejects.toThrow('killed');
  await write(TENANT, [fetched(1, AT)]);
  await write(TENANT, [fetched(1, AT)]);
  expect(kinds()).toEqual(['created 1', 'created 1']);
});

test('a writer that was overtaken looks again and announces nothing stale', async () => {
  const { incidents, create, kinds, write } = setUp();
  let overtake = async () => {
    await write(TENANT, [fetched(1, LATER, { name: 'newer' })]);
  };
  const save: IncidentStore['save'] = async (...saved) => {
    await overtake();
    overtake = () => Promise.resolve();
    return await incidents.store.save(...saved);
  };
  const slow = create({ ...incidents.store, save });
  expect(await slow(TENANT, [fetched(1, AT, { name: 'older' })])).toMatchObject({ changed: 0 });
  expect(incidents.listOf(TENANT)).toMatchObject([{ name: 'newer' }]);
  expect(kinds()).toEqual(['created 1']);
});

test('a writer that was overtaken by an older answer writes its own all the same', async () => {
  const { incidents, create, kinds, write } = setUp();
  let overtake = async () => {
    await write(TENANT, [fetched(1, AT)]);
  };
  const save: IncidentStore['save'] = async (...saved) => {
    await overtake();
    overtake = () => Promise.resolve();
    return await incidents.store.save(...saved);
  };
  const slow = create({ ...incidents.store, save });
  expect(await slow(TENANT, [fetched(1, LATER, { name: 'newer' })])).toMatchObject({ changed: 1 });
  expect(incidents.listOf(TENANT)).toMatchObject([{ name: 'newer' }]);
  expect(kinds()).toEqual(['created 1', 'updated 1']);
});

test('an older answer does not announce what a kill left unannounced', async () => {
  const { incidents, feed, changes, create, write } = setUp();
  const append = () => Promise.reject(new Error('killed'));
  const dying = create(incidents.store, { ...feed, append });
  await expect(dying(TENANT, [fetched(1, LATER)])).rejects.toThrow('killed');
  await write(TENANT, [fetched(1, AT)]);
  expect(changes).toEqual([]);
  await write(TENANT, [fetched(1, LATER)]);
  expect(changes).toMatchObject([{ incident: { lastUpdateAt: LATER } }]);
});

test('a writer that stood still before the feed does not have the last word', async () => {
  const { incidents, feed, changes, create, write } = setUp();
  const append: typeof feed.append = async (stale) => {
    await write(TENANT, [fetched(1, LATER, { name: 'newer' })]);
    await feed.append(stale);
  };
  const slow = create(incidents.store, { ...feed, append });
  await slow(TENANT, [fetched(1, AT, { name: 'older' })]);
  await write(TENANT, [fetched(1, LATER, { name: 'newer' })]);
  expect(changes.at(-1)?.incident.name).toBe('newer');
  const { length } = changes;
  await write(TENANT, [fetched(1, LATER, { name: 'newer' })]);
  expect(changes).toHaveLength(length);
});

test('an incident > 5 MB: it is kept without its JSON, with a remark', async () => {
  const { write, incidents } = setUp();
  const saved: (string | undefined)[] = [];
  const store = { ...incidents.store };
  store.save = (tenantId, writes) => {
    saved.push(...writes.map(({ raw }) => raw));
    return incidents.store.save(tenantId, writes);
  };
  const large = { ...fetched(1, AT), raw: `"${'x'.repeat(5 * 1024 * 1024)}"` };
  const { skipped } = await setUp(store).write(TENANT, [large]);
  expect(skipped).toEqual([{ incidentId: '1', reason: 'raw_left_out' }]);
  expect(saved).toEqual([undefined]);
  expect((await write(TENANT, [fetched(2, AT)])).skipped).toEqual([]);
});
