// biome-ignore-all lint/suspicious/useAwait: stand-ins keep the signatures of the ports
import { expect, test } from 'vitest';
import {
  createSyncState,
  type SyncState,
  type SyncStateStore,
} from '../../../shared/incidents/sync/sync-state.ts';
import { createFencedLeases, type Held } from '../../../shared/lease/fenced-lease.ts';
import { LEASE_TIMES_MS } from '../../../shared/lease/leases.ts';
import { createClock } from '../../support/clock.ts';
import { TENANT } from '../../support/tokens.ts';
import { createMemoryStates } from '../incidents/memory.ts';

const LEASE_TIME = LEASE_TIMES_MS.sync;

async function setUp(change: (states: SyncStateStore) => Partial<SyncStateStore> = () => ({})) {
  const clock = createClock();
  const memory = createMemoryStates();
  const store = { ...memory, ...change(memory) };
  const toKey = ({ tenantId }: SyncState) => tenantId;
  const leases = createFencedLeases({ name: 'sync', store, toKey, now: clock.now });
  const create = () => createSyncState(TENANT);
  const acquire = async () => await leases.acquire(await memory.find(TENANT), create);
  const held = (await acquire()) as Held<SyncState>;
  const read = async () => (await memory.find(TENANT))?.value;
  return { clock, memory, leases, acquire, held, read };
}

const dueAt = (time: number) => (state: SyncState) => ({ ...state, dueAt: time });
const same = (state: SyncState) => state;

test('a lease is held by one, and grows the fence with each holder', async () => {
  const { acquire, leases, held, read, clock } = await setUp();
  expect(await acquire()).toBeUndefined();
  expect(held.value.fence).toBe(1);
  clock.pass(LEASE_TIME);
  expect((await acquire())?.value.fence).toBe(2);
  expect(await leases.release(held, dueAt(7))).toBeUndefined();
  expect(await read()).toMatchObject({ fence: 2, dueAt: 0 });
});

test('keeping a lease prolongs it', async () => {
  const { leases, held, clock, acquire } = await setUp();
  clock.pass(LEASE_TIME - 1);
  await leases.renew(held, same);
  clock.pass(LEASE_TIME - 1);
  expect(await acquire()).toBeUndefined();
});

test('what another wrote under the same lease is written over by who has seen it', async () => {
  const { leases, held, memory, read } = await setUp();
  const seen = await memory.find(TENANT);
  if (seen) await memory.replace(seen, { ...seen.value, source: 'graph' });
  expect(await leases.release(held, dueAt(7))).toBeDefined();
  expect(await read()).toMatchObject({ source: 'graph', dueAt: 7, lease: undefined });
});

test('a release whose answer was lost counts', async () => {
  const { leases, held, read } = await setUp((states) => ({
    replace: async (before, after) => {
      await states.replace(before, after);
      return undefined;
    },
  }));
  expect(await leases.release(held, dueAt(7))).toBeDefined();
  expect(await read()).toMatchObject({ dueAt: 7, lease: undefined });
});

test('a lease is held although the answer to taking it was lost', async () => {
  const { held } = await setUp((states) => ({
    insert: async (state) => {
      await states.insert(state);
      return undefined;
    },
  }));
  expect(held.value).toMatchObject({ fence: 1, lease: { owner: expect.any(String) } });
});

test('another owner under the same fence is not written over', async () => {
  const { leases, held, memory, read } = await setUp();
  const seen = await memory.find(TENANT);
  const other = { owner: 'another', until: Number.MAX_SAFE_INTEGER };
  if (seen) await memory.replace(seen, { ...seen.value, lease: other });
  expect(await leases.renew(held, dueAt(7))).toBeUndefined();
  expect(await read()).toMatchObject({ lease: other, dueAt: 0 });
});

test('a holder whose successor is done already writes nothing', async () => {
  const { leases, held, acquire, clock, read } = await setUp();
  clock.pass(LEASE_TIME);
  const successor = await acquire();
  if (successor) await leases.release(successor, dueAt(9));
  expect(await leases.release(held, dueAt(7))).toBeUndefined();
  expect(await leases.renew(held, same)).toBeUndefined();
  expect(await read()).toMatchObject({ fence: 2, dueAt: 9, lease: undefined });
});
