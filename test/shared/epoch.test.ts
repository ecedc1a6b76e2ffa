import type { TableClient } from '@azure/data-tables';
import { expect, test, vi } from 'vitest';
import { createIntegrityMonitor } from '../../shared/authority/integrity.ts';
import { createRowSeal } from '../../shared/azure/authority/row-seal.ts';
import { createEpochTable } from '../../shared/azure/records/epoch-table.ts';
import type { ReadRow } from '../../shared/azure/tables/row.ts';
import { createEpochWatch, witnessEpoch } from '../../shared/epoch.ts';
import { BrokerError } from '../../shared/errors.ts';
import { createClock, MINUTE, SECOND } from '../support/clock.ts';
import { createFixedSeal, createRingKey } from '../support/key-ring.ts';
import { createRecordedLog } from '../support/log.ts';
import { openNewTable } from '../support/storage.ts';

const EPOCH = { partitionKey: 'epoch', rowKey: 'epoch' };

function setUp() {
  const clock = createClock();
  const open = openNewTable('epoch');
  const createProcess = () => {
    const forget = vi.fn();
    const epoch = createEpochTable(open);
    const read = vi.spyOn(epoch, 'read');
    const advance = vi.spyOn(epoch, 'advance');
    return { forget, read, advance, watch: createEpochWatch({ epoch, forget, now: clock.now }) };
  };
  return { clock, createProcess };
}

test('what was cached before the first look is not trusted', async () => {
  const { watch, forget } = setUp().createProcess();
  await watch.ensureCurrent();
  expect(forget).toHaveBeenCalledTimes(1);
});

test('requests within four seconds cost no read', async () => {
  const { createProcess, clock } = setUp();
  const { watch, read } = createProcess();
  await watch.ensureCurrent();
  clock.pass(3.9 * SECOND);
  expect(watch.ensureCurrent()).toBeUndefined();
  expect(read).toHaveBeenCalledTimes(1);
});

test('a change takes effect at once where it was made', async () => {
  const { watch, forget } = setUp().createProcess();
  await watch.ensureCurrent();
  await watch.advance();
  expect(forget).toHaveBeenCalledTimes(2);
});

test('a change takes effect within five seconds in another process', async () => {
  const { createProcess, clock } = setUp();
  const [here, there] = [createProcess(), createProcess()];
  await there.watch.ensureCurrent();
  await here.watch.advance();
  clock.pass(5 * SECOND);
  await there.watch.ensureCurrent();
  expect(there.forget).toHaveBeenCalledTimes(2);
});

test('without a change nothing is forgotten', async () => {
  const { createProcess, clock } = setUp();
  const { watch, forget } = createProcess();
  await watch.ensureCurrent();
  clock.pass(5 * SECOND);
  await watch.ensureCurrent();
  expect(forget).toHaveBeenCalledTimes(1);
});

test('an unreadable epoch is tolerated for five minutes and then stops the service', async () => {
  const { createProcess, clock } = setUp();
  const { watch, read } = createProcess();
  await watch.ensureCurrent();
  read.mockRejectedValue(new Error('down'));
  clock.pass(5 * MINUTE);
  await watch.ensureCurrent();
  clock.pass(5 * SECOND);
  await expect(watch.ensureCurrent()).rejects.toMatchObject({ code: 'temporarily_unavailable' });
  await expect(watch.ensureCurrent()).rejects.toMatchObject({ code: 'temporarily_unavailable' });
});

test('an epoch that could never be read stops the service from the start', async () => {
  const { watch, read } = setUp().createProcess();
  read.mockRejectedValue(new Error('down'));
  await expect(watch.ensureCurrent()).rejects.toMatchObject({ code: 'temporarily_unavailable' });
  await expect(watch.ensureCurrent()).rejects.toMatchObject({ code: 'temporarily_unavailable' });
});

test('a clock that was set back empties memory: what is old would look young again', async () => {
  const { createProcess, clock } = setUp();
  const { watch, forget } = createProcess();
  await watch.ensureCurrent();
  clock.pass(-90 * SECOND);
  await watch.ensureCurrent();
  expect(forget).toHaveBeenCalledTimes(2);
});

test('a clock that was set back keeps nobody from looking', async () => {
  const { createProcess, clock } = setUp();
  const [one, other] = [createProcess(), createProcess()];
  await one.watch.ensureCurrent();
  await other.watch.advance();
  clock.pass(-4 * MINUTE);
  await one.watch.ensureCurrent();
  expect(one.read).toHaveBeenCalledTimes(2);
  // At the beginning, for the clock, and for the change.
  expect(one.forget).toHaveBeenCalledTimes(3);
});

/** A table whose epoch is authenticated, and a process that has seen it. */
async function setUpGuarded() {
  const clock = createClock();
  const open = openNewTable('epoch');
  const createProcess = () => {
    const monitor = createIntegrityMonitor({ log: createRecordedLog(), now: clock.now });
    const rows = createRowSeal(createFixedSeal(createRingKey('one')).seal, 'epoch');
    const forget = vi.fn();
    const epoch = createEpochTable(open, { rows, monitor });
    return { monitor, forget, watch: createEpochWatch({ epoch, forget, now: clock.now }) };
  };
  const process = createProcess();
  await process.watch.advance();
  const older = await (await open()).getEntity('epoch', 'epoch');
  await process.watch.advance();
  await process.watch.ensureCurrent();
  return { clock, open, process, createProcess, older };
}

test.each<[string, string, (client: TableClient, older: ReadRow) => Promise<unknown>]>([
  ['changed', 'forged', (client) => client.updateEntity({ ...EPOCH, value: 'x' }, 'Merge')],
  ['put back', 'older', (client, older) => client.upsertEntity({ ...EPOCH, ...older }, 'Replace')],
  ['deleted', 'missing', (client) => client.deleteEntity('epoch', 'epoch')],
])('an epoch that somebody has %s is an alarm, and nothing is kept', async (_, problem, attack) => {
  const { clock, open, process, older } = await setUpGuarded();
  const { forget, watch, monitor } = process;
  await attack(await open(), older);
  const before = forget.mock.calls.length;
  for (let looks = 0; looks < 2; looks++) {
    clock.pass(5 * SECOND);
    await watch.ensureCurrent();
  }
  expect(forget.mock.calls.length - before).toBe(2);
  expect(monitor.list()).toMatchObject([{ table: 'epoch', problem }]);
  await watch.advance();
  clock.pass(5 * SECOND);
  await watch.ensureCurrent();
  expect(monitor.list()).toEqual([]);
});

test('who holds the epoch back delays nothing that the ledger names', async () => {
  const ledger = { follow: () => Promise.resolve(), revision: 0 };
  const still = { read: () => Promise.resolve('still'), advance: () => Promise.resolve() };
  const clock = createClock();
  const forget = vi.fn();
  const epoch = witnessEpoch(still, ledger);
  const watch = createEpochWatch({ epoch, forget, now: clock.now });
  await watch.ensureCurrent();
  ledger.revision = 1;
  clock.pass(5 * SECOND);
  await watch.ensureCurrent();
  expect(forget).toHaveBeenCalledTimes(2);
});

test('a change that was written is known everywhere, and at once where it was made', async () => {
  const { watch, forget, advance } = setUp().createProcess();
  expect(await watch.publish(() => Promise.resolve('written'))).toBe('written');
  expect([forget.mock.calls.length, advance.mock.calls.length]).toEqual([1, 1]);
});

test('a change that was written is in force here although the epoch could not be moved', async () => {
  const { watch, forget, advance } = setUp().createProcess();
  advance.mockRejectedValue(new Error('down'));
  await expect(watch.publish(() => Promise.resolve())).rejects.toThrow('down');
  expect(forget).toHaveBeenCalledTimes(1);
});

test('a failed change takes nothing away while storage is down', async () => {
  const { watch, forget, advance } = setUp().createProcess();
  advance.mockRejectedValue(new Error('down'));
  await expect(watch.publish(() => Promise.reject(new Error('lost')))).rejects.toThrow('lost');
  expect(forget).not.toHaveBeenCalled();
});

test('a change whose answer was lost is known everywhere when storage answers again', async () => {
  const { watch, forget, advance } = setUp().createProcess();
  await expect(watch.publish(() => Promise.reject(new Error('lost')))).rejects.toThrow('lost');
  expect([forget.mock.calls.length, advance.mock.calls.length]).toEqual([1, 1]);
});

test('a change that is refused is nobody else’s matter', async () => {
  const { watch, forget, advance } = setUp().createProcess();
  const details = { owner: 'caller', remedy: 'Correct it.' } as const;
  const refuse = () => Promise.reject(new BrokerError('invalid_request', 'No.', details));
  await expect(watch.publish(refuse)).rejects.toThrow('No.');
  expect([forget.mock.calls.length, advance.mock.calls.length]).toEqual([0, 0]);
});

test('many changes at once are all made known: a move of one serves who began before it', async () => {
  const { createProcess, clock } = setUp();
  const [here, there] = [createProcess(), createProcess()];
  await there.watch.ensureCurrent();
  const before = await there.read();
  const moves = Array.from({ length: 60 }, () => here.watch.advance());
  await expect(Promise.all(moves)).resolves.toHaveLength(60);
  expect(await there.read()).not.toBe(before);
  clock.pass(5 * SECOND);
  await there.watch.ensureCurrent();
  expect(there.forget).toHaveBeenCalledTimes(2);
});

test('who is no broker makes no change known: its row is replaced', async () => {
  const open = openNewTable('epoch');
  const log = createRecordedLog();
  const { seal } = createFixedSeal(createRingKey('one'));
  const monitor = createIntegrityMonitor({ log, now: () => 0 });
  const epoch = createEpochTable(open, { rows: createRowSeal(seal, 'epoch'), monitor });
  await epoch.advance();
  const before = await epoch.read();
  const client = await open();
  const update = client.updateEntity.bind(client);
  // Between the look and the write somebody writes a row with a higher version.
  vi.spyOn(client, 'updateEntity').mockImplementationOnce(async (...args) => {
    await update({ ...EPOCH, value: 'theirs', version: 1000 }, 'Replace');
    return await update(...args);
  });
  await epoch.advance();
  expect(monitor.list()).toEqual([]);
  const after = await epoch.read();
  expect([after === before, after === 'theirs']).toEqual([false, false]);
  expect(monitor.list()).toEqual([]);
});
