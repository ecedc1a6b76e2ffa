import { expect, test } from 'vitest';
import { MINUTE, SECOND } from '../../local/drill/environment.ts';
import { countRuns, readFeed, readStore, startTwoHosts, toVersionsOf } from './two-hosts.ts';

const { one, other, incidents, now, pass, drain, ...environment } = await startTwoHosts();
const { addCustomer, hangAtSecondPage, listSkips, listVersions, sendSync, slowDown } = environment;

// More than the 128 messages that one host takes: the other one gets the rest.
const TENANTS_COUNT = 160;

const tenants = await Promise.all(
  Array.from({ length: TENANTS_COUNT }, (_, index) =>
    addCustomer(`Customer ${index}`, index ? 3 : 104),
  ),
);
const [large = ''] = tenants;

/** What a walk asks of each tenant's list: the first has two pages. */
const ONE_WALK = tenants.map((tenantId) => (tenantId === large ? [0, 99] : [0]));

/** What every tenant is asked, and what happens to incidents, from here on. */
async function beginNotes() {
  const told = (await readFeed(one)).length;
  const known = new Set(listVersions());
  const asked = new Map(tenants.map((id) => [id, listSkips(id).length]));
  return {
    asked: () => tenants.map((id) => listSkips(id).slice(asked.get(id))),
    told: async () => toVersionsOf((await readFeed(other)).slice(told)),
    news: () => listVersions().filter((version) => !known.has(version)),
  };
}

/**
 * Makes every tenant's walk so slow that both processes meet in it, and gives it something to find.
 */
function makeNews(): void {
  for (const tenantId of tenants) {
    slowDown(tenantId, 300);
    incidents.updateIncident({ tenantId, incidentId: 1001 }, {});
  }
  incidents.createBurst(large, { count: 90, from: now(), to: now() });
}

test('two processes share the messages of a run: each incident is stored and told once', async () => {
  for (const tenantId of tenants) slowDown(tenantId, 300);
  await one.runTimer('syncIncidents');
  await drain();
  const shares = [one, other].map(({ events }) => events('sync.tenant').map((run) => run.tenant));
  expect(shares).not.toContainEqual([]);
  expect(shares.flat().sort()).toEqual(tenants.toSorted());
  expect(tenants.map(listSkips)).toEqual(ONE_WALK);
  expect(await readStore(one)).toEqual(listVersions());
  expect(toVersionsOf(await readFeed(one))).toEqual(listVersions());
});

test('both run the timer at the same time, and messages come twice: each tenant is read once', async () => {
  await pass(8 * MINUTE);
  const notes = await beginNotes();
  makeNews();
  const timers = [one, other].map(({ runTimer }) => runTimer('syncIncidents'));
  await Promise.all([...timers, ...tenants.map(sendSync)]);
  await drain();
  expect(notes.asked()).toEqual(ONE_WALK);
  await Promise.all(tenants.map(sendSync));
  await drain();
  expect(notes.asked()).toEqual(ONE_WALK);
  expect(await notes.told()).toEqual(notes.news());
});

test('both processes tell the same feed, without a gap, and list the same incidents', async () => {
  const feed = await readFeed(one);
  expect(feed.map(({ sequence }) => sequence)).toEqual(feed.map((_, index) => index + 1));
  expect(new Set(toVersionsOf(feed)).size).toBe(feed.length);
  expect(await readFeed(other)).toEqual(feed);
  expect(await readStore(one)).toEqual(listVersions());
  expect(await readStore(other)).toEqual(listVersions());
});

test('a process stands still for longer than its lease: another ends its walk, nothing is told twice', async () => {
  const notes = await beginNotes();
  const tenantId = await addCustomer('Paused', 230);
  const { end } = await hangAtSecondPage(tenantId, 500);
  one.pause();
  await other.resume();
  // The message is hidden for ten minutes. The timer sends another one after five.
  await pass(6 * MINUTE);
  await other.runTimer('syncIncidents');
  await other.drain();
  expect(listSkips(tenantId)).toEqual([0, 99, 99, 198]);
  await one.resume();
  await end;
  expect(listSkips(tenantId)).toHaveLength(4);
  expect(await notes.told()).toEqual(notes.news());
});

test('a process is killed in a backfill: until its lease is over a message does nothing, then another process ends it', async () => {
  const notes = await beginNotes();
  const tenantId = await addCustomer('Killed', 230);
  const { end } = await hangAtSecondPage(tenantId, 60 * SECOND);
  await one.kill();
  expect(await end).toBe('lost');
  await other.resume();
  const taken = countRuns(other);
  await pass(61 * SECOND);
  await sendSync(tenantId);
  await other.drain();
  expect([countRuns(other) - taken, listSkips(tenantId)]).toEqual([1, [0, 99]]);
  await pass(6 * MINUTE);
  await other.runTimer('syncIncidents');
  await other.drain();
  expect(listSkips(tenantId)).toEqual([0, 99, 99, 198]);
  expect(await notes.told()).toEqual(notes.news());
  expect(await readStore(other)).toEqual(listVersions());
});
