import { expect, test } from 'vitest';
import { createGrantTable } from '../../../shared/azure/records/grant-table.ts';
import type { Grants } from '../../../shared/callers/grants.ts';
import { change } from '../../../shared/store.ts';
import { createAuthorityProcess } from '../../support/authority.ts';
import { createClock, HOUR } from '../../support/clock.ts';
import { openNewContainer, openNewTable } from '../../support/storage.ts';
import { CLIENT } from '../../support/tokens.ts';

const GRANTS: Grants = {
  callerId: CLIENT,
  displayName: 'Playbooks',
  mode: 'enforce',
  rules: [],
  createdAt: 1,
  updatedAt: 1,
};

const ALL = { order: 'asc', limit: 100 } as const;

/** A ledger of three events, the last of which blocks a caller. */
async function setUp() {
  const clock = createClock();
  const open = openNewTable('callers');
  const acts = openNewTable('acts');
  const place = { open: acts, blobs: openNewContainer('ledger'), tables: [open] };
  const createProcess = () => {
    const process = createAuthorityProcess(place, clock.now);
    return { ...process, grants: createGrantTable(open, process.log, process.guard) };
  };
  const process = createProcess();
  await process.grants.insert(GRANTS);
  await change(process.grants, CLIENT, (current) => current && { ...current, blocked: true });
  const client = await acts();
  return { clock, client, process, createProcess };
}

const HEAD = { partitionKey: 'chain', rowKey: 'head' };

test('an intact ledger is not replaced by another one', async () => {
  const { process, createProcess } = await setUp();
  const before = await process.events.list(ALL);
  for (const { events } of [process, createProcess()]) {
    await expect(events.restart('operator')).rejects.toMatchObject({
      code: 'invalid_request',
      details: { owner: 'caller', remedy: expect.stringMatching(/^Leave `ledger` out/) },
    });
  }
  expect(await process.events.list(ALL)).toEqual(before);
});

test('what a damaged ledger recorded stays in the chain of the next one, and no sweep removes it early', async () => {
  const { clock, client, process } = await setUp();
  const before = await process.events.list(ALL);
  await client.updateEntity({ ...HEAD, mac: 'x' }, 'Merge');
  clock.pass(HOUR);
  await process.events.restart('operator');
  expect(await process.events.removeBefore(clock.now() - 2 * HOUR, 1000)).toBe(0);
  const { records } = await process.events.list(ALL);
  expect(records.slice(0, -1)).toEqual(before.records);
  expect(records.at(-1)).toMatchObject({ act: 'ledger.start', actor: 'operator', sequence: 4 });
  expect(await process.events.verify()).toMatchObject({ first: 1, problem: undefined });
  expect((await process.grants.find(CLIENT))?.value.blocked).toBe(true);
});

test('a process that just started begins another ledger where an older head was put back, and loses no event', async () => {
  const { client, process, createProcess } = await setUp();
  const older = await client.getEntity(HEAD.partitionKey, HEAD.rowKey);
  await change(process.grants, CLIENT, (current) => current && { ...current, blocked: false });
  await client.updateEntity(older as typeof HEAD, 'Replace');
  const { events } = createProcess();
  await events.restart('operator');
  const { records } = await events.list(ALL);
  expect(records.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5]);
  expect(records.at(-1)).toMatchObject({ act: 'ledger.start', actor: 'operator' });
  expect(await events.verify()).toMatchObject({ first: 1, problem: undefined });
});

test('events that no longer join the next ledger are kept until they are old', async () => {
  const { clock, client, process } = await setUp();
  await client.deleteEntity('chain', '0000000000000002');
  await client.deleteEntity('chain', '0000000000000003');
  await client.deleteEntity('chain', 'head');
  await process.events.restart('operator');
  expect(await process.events.verify()).toMatchObject({ first: 4, problem: undefined });
  expect(await process.events.removeBefore(clock.now(), 1000)).toBe(0);
  clock.pass(HOUR);
  expect(await process.events.removeBefore(clock.now(), 1000)).toBe(1);
});

test('a row that somebody put behind the end keeps no ledger from beginning', async () => {
  const { client, process } = await setUp();
  await client.createEntity({ partitionKey: 'chain', rowKey: '0000000000000004', mac: 'x' });
  await client.deleteEntity('chain', 'head');
  await process.events.restart('operator');
  expect(await process.events.verify()).toMatchObject({ first: 1, problem: undefined });
});
