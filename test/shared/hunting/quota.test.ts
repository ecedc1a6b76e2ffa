import { expect, test } from 'vitest';
import {
  blockTenant,
  createQuota,
  type HuntQuota,
  takeCall,
  toNextCycle,
} from '../../../shared/hunting/quota.ts';
import { createClock, HOUR, MINUTE, SECOND } from '../../support/clock.ts';
import { createMemoryStore } from '../incidents/memory.ts';

const TENANT = '11111111-0000-4000-8000-000000000001';
const START = Date.UTC(2026, 10, 21, 9, 4);

function setUp() {
  const quotas = createMemoryStore<HuntQuota>(({ tenantId }) => tenantId);
  const clock = createClock(START);
  return {
    clock,
    quotas,
    take: () => takeCall(quotas, TENANT, clock.now()),
    /** Calls that are allowed right now, at most a hundred. */
    async takeAll(): Promise<number> {
      for (let taken = 0; taken < 100; taken++) {
        if ((await takeCall(quotas, TENANT, clock.now())).waitMs > 0) return taken;
      }
      return 100;
    },
    block: (reason: 'calls' | 'cpu', retryAfterMs?: number) =>
      blockTenant(quotas, TENANT, { reason, retryAfterMs, now: clock.now() }),
  };
}

test('a tenant is asked 45 times a minute, and then waits for the first of them to be a minute old', async () => {
  const { clock, takeAll, take } = setUp();
  expect(await takeAll()).toBe(45);
  const { waitMs } = await take();
  expect(waitMs).toBeGreaterThan(59 * SECOND);
  clock.pass(waitMs);
  expect(await takeAll()).toBe(45);
});

test('in no minute there are more than 45 calls, whatever the rhythm', async () => {
  const { clock, take } = setUp();
  const at: number[] = [];
  for (let second = 0; second < 300; second++) {
    if ((await take()).waitMs === 0) at.push(clock.now());
    clock.pass(SECOND);
  }
  const busiest = Math.max(
    ...at.map((one) => at.filter((x) => x >= one && x < one + MINUTE).length),
  );
  expect(busiest).toBeLessThanOrEqual(45);
  expect(at.length).toBeGreaterThan(200);
});

test('tenants do not share it', async () => {
  const { quotas, clock, takeAll } = setUp();
  await takeAll();
  expect(await takeCall(quotas, 'other', clock.now())).toEqual({ waitMs: 0, reason: 'calls' });
});

test('Microsoft says when to come back', async () => {
  const { clock, block, take } = setUp();
  expect(await block('calls', 20 * SECOND)).toBe(START + 20 * SECOND);
  expect(await take()).toEqual({ waitMs: 20 * SECOND, reason: 'calls' });
  clock.pass(20 * SECOND);
  expect(await take()).toMatchObject({ waitMs: 0 });
});

test('of calls without a time a minute is waited for, of the processors the next quarter of an hour', async () => {
  const { block } = setUp();
  expect(await block('calls')).toBe(START + MINUTE);
  expect(await block('cpu')).toBe(Date.UTC(2026, 10, 21, 9, 15, 5));
  expect(toNextCycle(Date.UTC(2026, 10, 21, 9, 15))).toBe(Date.UTC(2026, 10, 21, 9, 30, 5));
});

test('a longer block stays', async () => {
  const { block, take } = setUp();
  await block('cpu');
  await block('calls', SECOND);
  expect((await take()).waitMs).toBe(11 * MINUTE + 5 * SECOND);
});

test('nobody is silenced for longer than half an hour', async () => {
  const { block } = setUp();
  expect(await block('calls', 24 * HOUR)).toBe(START + 30 * MINUTE);
});

test('what Microsoft refused after ten calls is learned, for an hour', async () => {
  const { clock, block, take, takeAll } = setUp();
  for (let call = 0; call < 10; call++) await take();
  await block('calls', SECOND);
  clock.pass(2 * MINUTE);
  expect(await takeAll()).toBe(9);
  clock.pass(HOUR);
  expect(await takeAll()).toBe(45);
});

test('however little was learned, a hunt gets on', async () => {
  const { clock, block, take, takeAll } = setUp();
  await take();
  await block('calls', SECOND);
  clock.pass(2 * MINUTE);
  expect(await takeAll()).toBe(5);
});

test('a time that a wrong clock wrote does not silence a tenant', async () => {
  const { quotas, take } = setUp();
  const blocked = { until: START + 24 * HOUR, reason: 'calls' } as const;
  await quotas.insert({ ...createQuota(TENANT), blocked });
  expect(await take()).toMatchObject({ waitMs: 0 });
});
