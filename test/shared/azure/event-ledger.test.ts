import type { TableClient } from '@azure/data-tables';
import { expect, test, vi } from 'vitest';
import type { NewEvent } from '../../../shared/audit/audit-event.ts';
import { hashEvent, toEventJson } from '../../../shared/audit/event-json.ts';
import { createAuthorityProcess } from '../../support/authority.ts';
import { createClock, HOUR, MINUTE } from '../../support/clock.ts';
import { listNames, openNewContainer, openNewTable } from '../../support/storage.ts';

const LIMITS = { order: 'asc', limit: 1000 } as const;

/** Processes over one ledger, and what somebody else does to its table. */
function setUp() {
  const clock = createClock();
  const place = { open: openNewTable('acts'), blobs: openNewContainer('ledger') };
  const createProcess = () => createAuthorityProcess(place, clock.now);
  const keyOf = (sequence: number) => String(sequence).padStart(16, '0');
  const read = async (rowKey: string) =>
    await (await place.open()).getEntity<Record<string, unknown>>('chain', rowKey);
  return { clock, place, createProcess, keyOf, read };
}

function makeEvent(n: number, fields: Partial<NewEvent> = {}): NewEvent {
  return {
    actor: 'broker',
    act: 'grants.change',
    tenantHash: undefined,
    subject: `caller ${n}`,
    detail: undefined,
    changes: [],
    rows: [
      { table: 'callers', key: `caller ${n}`, version: 1, digest: `d${n}`, endsAt: undefined },
    ],
    occurredAt: undefined,
    correlationId: `c-${n}`,
    once: undefined,
    ...fields,
  };
}

/** A chain of the start and nine events, and the process that wrote it. */
async function setUpChain() {
  const environment = setUp();
  const process = environment.createProcess();
  for (let n = 1; n < 10; n++) await process.events.append([makeEvent(n)]);
  return { ...environment, process, client: await environment.place.open() };
}

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

test('who cuts the end and puts an older head back is found by every process that saw more', async () => {
  const { process, createProcess, client, read } = await setUpChain();
  const older = await read('head');
  await process.events.append([makeEvent(10)]);
  await client.upsertEntity({ ...older, partitionKey: 'chain', rowKey: 'head' }, 'Replace');
  await client.deleteEntity('chain', at(11).rowKey);
  expect((await process.events.verify()).problem).toMatchObject({ problem: 'head' });
  await expect(process.events.append([makeEvent(11)])).rejects.toMatchObject({ code: 'integrity' });
  expect(process.monitor.list()).toMatchObject([{ table: 'acts', key: 'head', problem: 'cut' }]);
  expect(process.index.find({ table: 'callers', key: 'caller 10' })?.version).toBe(1);
  // A process that begins now can't know; the log does: its lines name number 11.
  expect((await createProcess().events.verify()).head.sequence).toBe(10);
});

test('a chain that goes on from an older head is found by every process that saw more', async () => {
  const { process, createProcess, client, read } = await setUpChain();
  const older = await read('head');
  await process.events.append([makeEvent(10)]);
  await client.upsertEntity({ ...older, partitionKey: 'chain', rowKey: 'head' }, 'Replace');
  await client.deleteEntity('chain', at(11).rowKey);
  const other = createProcess();
  await other.events.append([makeEvent(20), makeEvent(21)]);
  await process.follower.refresh();
  expect(process.monitor.list()).toMatchObject([{ problem: 'forked' }]);
  expect(process.index.find({ table: 'callers', key: 'caller 10' })?.version).toBe(1);
  expect(process.index.find({ table: 'callers', key: 'caller 20' })?.version).toBe(1);
});

test('of two contents of one version the one counts that was seen before the chain was forked', async () => {
  const { process, createProcess, client, read } = await setUpChain();
  const older = await read('head');
  await process.events.append([makeEvent(10)]);
  await client.upsertEntity({ ...older, partitionKey: 'chain', rowKey: 'head' }, 'Replace');
  await client.deleteEntity('chain', at(11).rowKey);
  const [row] = makeEvent(10).rows;
  if (!row) throw new Error('The event changes a row.');
  const other = makeEvent(10, { rows: [{ ...row, digest: 'another' }] });
  await createProcess().events.append([other, makeEvent(20)]);
  await process.follower.refresh();
  expect(process.index.find(row)?.digest).toBe('d10');
  expect(process.monitor.list()).toMatchObject([
    { table: 'acts', key: 'head', problem: 'forked' },
    { table: 'callers', key: 'caller 10', problem: 'conflicting' },
  ]);
});

test('a head that was put back without its events is in the way of its own events', async () => {
  const { process, createProcess, client, read } = await setUpChain();
  const older = await read('head');
  await process.events.append([makeEvent(10)]);
  await client.upsertEntity({ ...older, partitionKey: 'chain', rowKey: 'head' }, 'Replace');
  const other = createProcess();
  await expect(other.events.append([makeEvent(11)])).rejects.toMatchObject({ code: 'integrity' });
  expect(other.monitor.list()).toMatchObject([{ problem: 'cut' }]);
});

test.each<[string, string, (client: TableClient) => Promise<unknown>]>([
  ['changed', 'forged', (client) => client.updateEntity({ ...HEAD, next: '3' }, 'Merge')],
  ['deleted', 'missing', (client) => client.deleteEntity('chain', 'head')],
])(
  'a head that was %s is an alarm; what is known goes on for five minutes',
  async (_, problem, attack) => {
    const { clock, process, createProcess, client } = await setUpChain();
    await process.authority.ensureCurrent();
    await attack(client);
    clock.pass(MINUTE);
    await process.authority.ensureCurrent();
    expect(process.monitor.list()).toMatchObject([{ table: 'acts', key: 'head', problem }]);
    expect(process.authority.find({ table: 'callers', key: 'caller 3' })?.version).toBe(1);
    clock.pass(5 * MINUTE);
    await expect(process.authority.ensureCurrent()).rejects.toMatchObject({ code: 'integrity' });
    expect((await createProcess().events.verify()).problem).toMatchObject({ problem: 'head' });
  },
);

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

test('an event whose answer is lost is recorded once', async () => {
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
  expect(records.filter(({ subject }) => subject === 'caller 50')).toHaveLength(1);
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

test.each<[string, boolean, (client: TableClient) => Promise<unknown>]>([
  ['follows the events instead', true, () => Promise.resolve()],
  [
    'follows nothing when an event is gone, too',
    false,
    (client) => client.deleteEntity('chain', at(11).rowKey),
  ],
])('a process that lags behind a snapshot that is gone %s', async (_, isFollowed, attack) => {
  const { place, client, createProcess } = await setUpChain();
  const [process, late] = [createProcess(), createProcess()];
  await late.follower.refresh();
  for (let n = 0; n < 5; n++) {
    await process.events.append(Array.from({ length: 40 }, (_, i) => makeEvent(100 + n * 40 + i)));
  }
  for (const name of await listNames(place.blobs)) await place.blobs.remove(name);
  await attack(client);
  expect(await late.follower.refresh().catch(({ code }) => code)).toBe(
    isFollowed ? true : 'integrity',
  );
  expect(late.index.find({ table: 'callers', key: 'caller 100' })?.version).toBe(
    isFollowed ? 1 : undefined,
  );
  expect(late.follower.findPlace()?.sequence).toBe(isFollowed ? 210 : 10);
  expect(late.monitor.list()).toMatchObject([{ problem: 'snapshot' }]);
});

test('a process that begins late knows every row, also when the head could not carry them all', async () => {
  const { place, createProcess } = setUp();
  const process = createProcess();
  for (let n = 0; n < 10; n++) {
    await process.events.append(Array.from({ length: 40 }, (_, i) => makeEvent(n * 40 + i)));
  }
  const late = createProcess();
  await late.authority.ensureCurrent();
  expect(late.index.list(0)).toHaveLength(400);
  expect((await listNames(place.blobs)).length).toBeGreaterThan(0);
});

test('a process that follows from time to time knows what was changed, past a snapshot', async () => {
  const { createProcess } = await setUpChain();
  const [process, late] = [createProcess(), createProcess()];
  await late.follower.refresh();
  for (let n = 0; n < 5; n++) {
    await process.events.append(Array.from({ length: 40 }, (_, i) => makeEvent(100 + n * 40 + i)));
  }
  expect(await late.follower.refresh()).toBe(true);
  expect(await late.follower.refresh()).toBe(false);
  expect(late.index.find({ table: 'callers', key: 'caller 299' })?.version).toBe(1);
});

test('a snapshot that was changed or deleted lets no process begin', async () => {
  const { place, createProcess } = setUp();
  const process = createProcess();
  for (let n = 0; n < 5; n++) {
    await process.events.append(Array.from({ length: 40 }, (_, i) => makeEvent(n * 40 + i)));
  }
  for (const name of await listNames(place.blobs)) {
    await place.blobs.put(name, Buffer.from('[]'));
  }
  const late = createProcess();
  await expect(late.authority.ensureCurrent()).rejects.toMatchObject({ code: 'integrity' });
  expect(late.monitor.list()).toMatchObject([{ table: 'acts', problem: 'snapshot' }]);
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

const HEAD = { partitionKey: 'chain', rowKey: 'head' };

function at(sequence: number) {
  return { partitionKey: 'chain', rowKey: String(sequence).padStart(16, '0') };
}

async function swap(client: TableClient) {
  const [one, other] = await Promise.all(
    [4, 6].map((n) => client.getEntity('chain', at(n).rowKey)),
  );
  await client.upsertEntity({ ...one, ...at(6) }, 'Replace');
  await client.upsertEntity({ ...other, ...at(4) }, 'Replace');
}

/** A table whose next answer about the head is held back until it is released. */
function holdHead(open: () => TableClient | Promise<TableClient>) {
  let gate: Promise<void> | undefined;
  return {
    open: async () => {
      const client = await open();
      return new Proxy(client, {
        get(target, name) {
          const member = Reflect.get(target, name);
          if (name !== 'getEntity')
            return typeof member === 'function' ? member.bind(target) : member;
          return async (partitionKey: string, rowKey: string, options?: object) => {
            const held = rowKey === 'head' ? gate : undefined;
            if (held) gate = undefined;
            const row = await target.getEntity(partitionKey, rowKey, options);
            await held;
            return row;
          };
        },
      });
    },
    holdNext() {
      const { promise, resolve } = Promise.withResolvers<void>();
      gate = promise;
      return resolve;
    },
  };
}

test('a head that was read while the process itself appended is old, and no alarm', async () => {
  const { place, clock } = setUp();
  const held = holdHead(place.open);
  const process = createAuthorityProcess({ ...place, open: held.open }, clock.now);
  await process.events.append([makeEvent(1)]);
  const release = held.holdNext();
  const refreshed = process.follower.refresh();
  await process.events.append([makeEvent(2)]);
  release();
  expect(await refreshed).toBe(false);
  expect(process.monitor.list()).toEqual([]);
  expect(process.follower.findPlace()?.sequence).toBe(3);
  await process.events.append([makeEvent(3)]);
  expect(await process.events.verify()).toMatchObject({ problem: undefined });
});

test('a head that was put back before it was read is an alarm, whatever is appended', async () => {
  const { process, client, read } = await setUpChain();
  const older = await read('head');
  await process.events.append([makeEvent(10)]);
  await client.upsertEntity({ ...older, partitionKey: 'chain', rowKey: 'head' }, 'Replace');
  await expect(process.follower.refresh()).rejects.toMatchObject({ code: 'integrity' });
});
