import { expect, test } from 'vitest';
import {
  acquireLease,
  LEASE_TIME,
  type SyncLease,
} from '../../../../shared/incidents/sync/sync-lease.ts';
import type { SyncStateStore } from '../../../../shared/incidents/sync/sync-state.ts';
import { createClock } from '../../../support/clock.ts';
import { TENANT } from '../../../support/tokens.ts';
import { createMemoryStates } from '../memory.ts';

async function setUp(change: (states: SyncStateStore) => Partial<SyncStateStore> = () => ({})) {
  const clock = createClock();
  const memory = createMemoryStates();
  const states = { ...memory, ...change(memory) };
  const acquire = async () =>
    await acquireLease({ states, now: clock.now }, TENANT, await memory.find(TENANT));
  const lease = (await acquire()) as SyncLease;
  const read = async () => (await memory.find(TENANT))?.value;
  return { clock, memory, acquire, lease, read };
}

test('a lease is held by one, and grows the fence with each holder', async () => {
  const { acquire, lease, read, clock } = await setUp();
  expect(await acquire()).toBeUndefined();
  expect(lease.state.fence).toBe(1);
  clock.pass(LEASE_TIME);
  expect((await acquire())?.state.fence).toBe(2);
  expect(await lease.release({ ...lease.state, dueAt: 7 })).toBe(false);
  expect(await read()).toMatchObject({ fence: 2, dueAt: 0 });
});

test('keeping a lease prolongs it', async () => {
  const { lease, clock, acquire } = await setUp();
  clock.pass(LEASE_TIME - 1);
  await lease.keep(lease.state);
  clock.pass(LEASE_TIME - 1);
  expect(await acquire()).toBeUndefined();
});

test('a source that an operator chose meanwhile stands', async () => {
  const { lease, memory, read } = await setUp();
  const seen = await memory.find(TENANT);
  if (seen) await memory.replace(seen, { ...seen.value, source: 'graph' });
  expect(await lease.release({ ...lease.state, dueAt: 7 })).toBe(true);
  expect(await read()).toMatchObject({ source: 'graph', dueAt: 7, lease: undefined });
});

test('a release whose answer was lost counts', async () => {
  const { lease, read } = await setUp((states) => ({
    replace: async (before, after) => {
      await states.replace(before, after);
      return undefined;
    },
  }));
  expect(await lease.release({ ...lease.state, dueAt: 7 })).toBe(true);
  expect(await read()).toMatchObject({ dueAt: 7, lease: undefined });
});

test('another owner under the same fence is not written over', async () => {
  const { lease, memory, read } = await setUp();
  const seen = await memory.find(TENANT);
  const other = { owner: 'another', until: Number.MAX_SAFE_INTEGER };
  if (seen) await memory.replace(seen, { ...seen.value, lease: other });
  expect(await lease.keep({ ...lease.state, dueAt: 7 })).toBeUndefined();
  expect(await read()).toMatchObject({ lease: other, dueAt: 0 });
});

test('a holder whose successor is done already writes nothing', async () => {
  const { lease, acquire, clock, read } = await setUp();
  clock.pass(LEASE_TIME);
  const successor = await acquire();
  await successor?.release({ ...successor.state, dueAt: 9 });
  expect(await lease.release({ ...lease.state, dueAt: 7 })).toBe(false);
  expect(await lease.keep(lease.state)).toBeUndefined();
  expect(await read()).toMatchObject({ fence: 2, dueAt: 9, lease: undefined });
});
