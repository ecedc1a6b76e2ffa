import type { TableClient } from '@azure/data-tables';
import { expect, test } from 'vitest';
import { createAuthorityProcess } from '../../support/authority.ts';
import { MINUTE } from '../../support/clock.ts';
import { at, HEAD, makeEvent, setUp, setUpChain } from '../../support/event-chain.ts';
import { listNames } from '../../support/storage.ts';

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
