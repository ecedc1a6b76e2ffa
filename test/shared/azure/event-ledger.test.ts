import type { TableClient } from '@azure/data-tables';
import { expect, test, vi } from 'vitest';
import { hashEvent, toEventJson } from '../../../shared/audit/chain/event-json.ts';
import { HOUR } from '../../support/clock.ts';
import { at, HEAD, makeEvent, setUp, setUpChain } from '../../support/event-chain.ts';

const LIMITS = { order: 'asc', limit: 1000 } as const;

test('events are numbered without a gap, and each has the hash of the one before', async () => {
  const { process } = await setUpChain();
  const { records } = await process.events.list(LIMITS);
  expect(records.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  expect(records.map(({ previousHash }) => previousHash).slice(1)).toEqual(
    records.map(({ hash }) => hash).slice(0, -1),
  );
  expect(await process.events.verify()).toMatchObject({
    first: 1,
    head: { sequence: 10, hash: records.at(-1)?.hash },
    problem: undefined,
  });
});

test('the hash of every event leaves with the log', async () => {
  const { process } = await setUpChain();
  const { records } = await process.events.list(LIMITS);
  const lines = process.log.lines.filter(({ event }) => event === 'audit.recorded');
  expect(lines.map(({ fields }) => [fields?.sequence, fields?.hash])).toEqual(
    records.map(({ sequence, hash }) => [sequence, hash]),
  );
});

test.each<[string, string, (client: TableClient) => Promise<unknown>]>([
  ['changed', 'changed', (client) => client.updateEntity({ ...at(5), content: '{}' }, 'Merge')],
  [
    'hidden from a filter',
    'changed',
    (client) => client.updateEntity({ ...at(5), tenantHash: 'x' }, 'Merge'),
  ],
  ['deleted in the middle', 'gap', (client) => client.deleteEntity('chain', at(5).rowKey)],
  ['deleted at the start', 'gap', (client) => client.deleteEntity('chain', at(1).rowKey)],
  ['deleted at the end', 'cut', (client) => client.deleteEntity('chain', at(10).rowKey)],
  ['swapped with another', 'changed', swap],
])('an event that was %s breaks the chain', async (_, problem, attack) => {
  const { process, createProcess, client } = await setUpChain();
  await attack(client);
  expect((await process.events.verify()).problem).toMatchObject({ problem });
  expect((await createProcess().events.verify()).problem).toMatchObject({ problem });
  const { records } = await process.events.list(LIMITS);
  expect(records.every((event) => hashEvent(event) === event.hash)).toBe(true);
});

test('an event that somebody made up, with a fitting hash, breaks the chain', async () => {
  const { process, client, read, keyOf } = await setUpChain();
  const [, second] = (await process.events.list(LIMITS)).records;
  if (!second) throw new Error('There are ten events.');
  const forged = { ...second, actor: 'somebody' };
  const row = { ...(await read(keyOf(2))), content: JSON.stringify(toEventJson(forged)) };
  await client.upsertEntity({ ...row, ...at(2), hash: hashEvent(forged) }, 'Replace');
  expect((await process.events.verify()).problem).toEqual({ problem: 'changed', sequence: 2 });
});

test('a row that somebody put behind the head is removed, with an alarm, and events go on', async () => {
  const { process, createProcess, client } = await setUpChain();
  await client.createEntity({ ...at(11), content: '{}', hash: 'x', mac: 'x' });
  const other = createProcess();
  await other.events.append([makeEvent(10)]);
  expect((await process.events.verify()).problem).toBeUndefined();
  expect(other.monitor.list()).toMatchObject([{ problem: 'forged' }]);
});

test('processes that write at once lose no event and double none', async () => {
  const { createProcess } = setUp();
  const processes = Array.from({ length: 4 }, createProcess);
  await processes[0]?.events.begin();
  await Promise.all(
    processes.flatMap(({ events }, p) =>
      Array.from({ length: 25 }, (_, n) => events.append([makeEvent(p * 100 + n)])),
    ),
  );
  const { records } = await createProcess().events.list(LIMITS);
  const subjects = records
    .filter(({ act }) => act === 'grants.change')
    .map(({ subject }) => subject);
  expect([subjects.length, new Set(subjects).size]).toEqual([100, 100]);
  expect((await createProcess().events.verify()).problem).toBeUndefined();
});

test('an event whose answer is lost is recorded once, and its hash leaves with the log', async () => {
  const { place, createProcess } = await setUpChain();
  const client = await place.open();
  const submit = client.submitTransaction.bind(client);
  vi.spyOn(client, 'submitTransaction').mockImplementationOnce(async (actions) => {
    await submit(actions);
    throw Object.assign(new Error('lost'), { statusCode: 500 });
  });
  const process = createProcess();
  await process.events.append([makeEvent(50)]);
  const { records } = await process.events.list(LIMITS);
  const own = records.filter(({ subject }) => subject === 'caller 50');
  const lines = process.log.lines.filter(({ event }) => event === 'audit.recorded');
  expect(own).toHaveLength(1);
  expect(lines.map(({ fields }) => fields?.hash)).toEqual(own.map(({ hash }) => hash));
});

test('of events with one name only the first is recorded, whichever processes notice it', async () => {
  const { createProcess } = await setUpChain();
  const [one, other] = [createProcess(), createProcess()];
  const event = makeEvent(30, { once: 'credential|1', rows: [] });
  await Promise.all([one.events.append([event]), other.events.append([event])]);
  await one.events.append([event]);
  const { records } = await one.events.list(LIMITS);
  expect(records.filter(({ subject }) => subject === 'caller 30')).toHaveLength(1);
});

test('who writes the head again as it is, so that appends lose, is found', async () => {
  const { process, client, read } = await setUpChain();
  const submit = client.submitTransaction.bind(client);
  vi.spyOn(client, 'submitTransaction').mockImplementationOnce(async (actions) => {
    await client.upsertEntity({ ...(await read('head')), ...HEAD }, 'Replace');
    return await submit(actions);
  });
  await process.events.append([makeEvent(10)]);
  expect(process.monitor.list()).toMatchObject([{ key: 'head', problem: 'touched' }]);
});

test('who plants the mark that an event was recorded keeps no event away', async () => {
  const { createProcess, client } = await setUpChain();
  const process = createProcess();
  await client.createEntity({ partitionKey: 'chain', rowKey: 'once|credential|1' });
  await process.events.append([makeEvent(30, { once: 'credential|1', rows: [] })]);
  const { records } = await process.events.list(LIMITS);
  expect(records.filter(({ subject }) => subject === 'caller 30')).toHaveLength(1);
  expect(process.monitor.list()).toMatchObject([{ key: 'once|credential|1', problem: 'forged' }]);
});

test('events are listed by time, tenant and page, in both directions', async () => {
  const { clock, createProcess } = setUp();
  const { events } = createProcess();
  for (let n = 1; n <= 6; n++) {
    await events.append([makeEvent(n, { tenantHash: n % 2 === 0 ? 'even' : 'odd' })]);
    clock.pass(HOUR);
  }
  const start = clock.now() - 6 * HOUR;
  const subjectsOf = async (query: object) =>
    (await events.list({ ...LIMITS, ...query })).records.map(({ subject }) => subject?.slice(7));
  expect(await subjectsOf({ tenantHash: 'even' })).toEqual(['2', '4', '6']);
  expect(await subjectsOf({ since: start + HOUR, until: start + 3 * HOUR })).toEqual(['2', '3']);
  expect(await subjectsOf({ order: 'desc', limit: 2 })).toEqual(['6', '5']);
  const first = await events.list({ ...LIMITS, order: 'desc', limit: 4 });
  expect(await subjectsOf({ order: 'desc', limit: 2, after: first.next })).toEqual(['2', '1']);
  const page = await events.list({ ...LIMITS, tenantHash: 'odd', limit: 2 });
  const rest = await events.list({ ...LIMITS, tenantHash: 'odd', limit: 2, after: page.next });
  expect(rest.records.map(({ subject }) => subject)).toEqual(['caller 5']);
  expect(rest.next).toBeUndefined();
});

test('old events go, and what is kept is a chain that holds', async () => {
  const { clock, createProcess } = setUp();
  const { events } = createProcess();
  for (let n = 1; n <= 6; n++) {
    await events.append([makeEvent(n)]);
    clock.pass(HOUR);
  }
  const removed = await events.removeBefore(clock.now() - 3.5 * HOUR, 1000);
  const { records } = await events.list(LIMITS);
  expect([removed, records[0]?.subject]).toEqual([4, 'caller 4']);
  expect(await events.verify()).toMatchObject({ first: 5, problem: undefined });
  expect(await events.removeBefore(clock.now() - 3.5 * HOUR, 1000)).toBe(0);
  await events.append([makeEvent(7)]);
  expect((await createProcess().events.verify()).problem).toBeUndefined();
});

async function swap(client: TableClient) {
  const [one, other] = await Promise.all(
    [4, 6].map((n) => client.getEntity('chain', at(n).rowKey)),
  );
  await client.upsertEntity({ ...one, ...at(6) }, 'Replace');
  await client.upsertEntity({ ...other, ...at(4) }, 'Replace');
}
