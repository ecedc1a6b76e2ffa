import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { LaneSizes } from '../../../shared/slots/lanes.ts';
import { createSlotControl } from '../../../shared/slots/slots.ts';
import { MINUTE, SECOND } from '../../support/clock.ts';
import { runs } from '../../support/runs.ts';
import { createSimulatedClock } from '../../support/simulated-clock.ts';

const SIZES: LaneSizes = { slots: 24, slowCalls: 72, stopsCalls: true };

/** How long a work takes before its call and after it, in milliseconds. */
const OWN_MS = 30;

/** Works of a process on a simulated clock; each makes one call that takes its time. */
function setUp(sizes: Partial<LaneSizes> = {}) {
  const clock = createSimulatedClock(0);
  const control = createSlotControl(clock);
  const slots = control.createSlots({ ...SIZES, ...sizes });
  const seen = { calls: 0, mostCalls: 0, own: 0, mostOwn: 0, stopped: 0, left: 0 };

  const call = (ms: number) =>
    control.callOutside(async (signal) => {
      seen.mostCalls = Math.max(seen.mostCalls, ++seen.calls);
      const stopped = new Promise((resolve) => signal?.addEventListener('abort', resolve));
      await Promise.race([clock.sleep(ms), stopped]);
      seen.calls--;
      if (signal?.aborted) seen.stopped++;
    });

  const own = async () => {
    seen.mostOwn = Math.max(seen.mostOwn, ++seen.own);
    await clock.sleep(OWN_MS);
    seen.own--;
  };

  /** Answers when each work ended. */
  const runAll = async (times: readonly number[]): Promise<readonly number[]> => {
    const ended = times.map(() => Number.NaN);
    let open = times.length;
    const works = times.map(async (ms, index) => {
      const work = async () => {
        await own();
        await call(ms);
        await own();
        ended[index] = clock.now();
      };
      await slots.run(work, async () => void seen.left++);
      open--;
    });
    await clock.run(() => open === 0);
    await Promise.all(works);
    return ended;
  };

  return { clock, control, slots, seen, call, runAll };
}

/** As many works as a large partner has tenants: a third of their servers hang, here and there. */
function toFleet(usualMs: number, { count = 1200, hangMs = 30 * SECOND } = {}) {
  const indices = Array.from({ length: count }, (_, index) => index);
  const healthy = indices.filter((index) => (index * 7919) % 3 !== 0);
  const well = indices.map(() => usualMs);
  return { well, healthy, ill: well.map((ms, i) => ((i * 7919) % 3 === 0 ? hangMs : ms)) };
}

async function measureSlowThird(fleet: ReturnType<typeof toFleet>): Promise<number> {
  const ended = await setUp().runAll(fleet.ill);
  const calm = await setUp().runAll(fleet.well);
  return Math.max(...fleet.healthy.map((index) => ended[index] ?? 0)) / Math.max(...calm);
}

test('a third that hangs to its time-out slows the rest by a fifth at most', async () => {
  expect(await measureSlowThird(toFleet(300))).toBeLessThan(1.2);
});

test('so does a third that fails slowly, whatever a call usually takes', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 150, max: 900 }),
      fc.integer({ min: 4, max: 30 }),
      async (usualMs, factor) => {
        const hangMs = Math.min(30 * SECOND, usualMs * factor);
        expect(await measureSlowThird(toFleet(usualMs, { hangMs }))).toBeLessThan(1.2);
      },
    ),
    { numRuns: runs(5) },
  );
});

test('no more calls are under way than slots and slow calls together', async () => {
  const { seen, runAll } = setUp({ slots: 4, slowCalls: 3 });
  await runAll(toFleet(300, { count: 60 }).ill);
  expect(seen.mostCalls).toBe(7);
});

test('a work whose slow call ended waits for a slot: only they do work of their own', async () => {
  const { seen, runAll } = setUp({ slots: 4, slowCalls: 40 });
  await runAll(Array.from({ length: 44 }, () => 10 * SECOND));
  expect(seen.mostCalls).toBe(44);
  expect(seen.mostOwn).toBe(4);
});

test('where every server is slow, no call is stopped', async () => {
  const { seen, runAll } = setUp();
  await runAll(Array.from({ length: 300 }, () => 20 * SECOND));
  expect(seen.stopped).toBe(0);
});

test('where nobody needs room, a slow call has all its time', async () => {
  const { seen, runAll } = setUp({ slots: 10, slowCalls: 2 });
  await runAll([...Array.from({ length: 20 }, () => 300), 30 * SECOND, 30 * SECOND, 30 * SECOND]);
  expect(seen.stopped).toBe(0);
});

test('works whose calls may not be stopped wait for them', async () => {
  const { seen, runAll } = setUp({ slots: 2, slowCalls: 2, stopsCalls: false });
  const ended = await runAll([...Array(20).fill(100), ...Array(6).fill(10 * SECOND), 100]);
  expect(seen.stopped).toBe(0);
  expect(ended.at(-1)).toBeGreaterThan(10 * SECOND);
});

test('works begin in the order of the calls', async () => {
  const ended = await setUp({ slots: 1 }).runAll([100, 100, 100]);
  expect(ended).toEqual([160, 320, 480]);
});

test('who gets no slot in three minutes does something else', async () => {
  const { clock, seen, runAll } = setUp({ slots: 1, slowCalls: 0 });
  const ended = await runAll([4 * MINUTE, 100]);
  expect(seen.left).toBe(1);
  expect(ended[1]).toBeNaN();
  expect(clock.now()).toBe(4 * MINUTE + 2 * OWN_MS);
});

test('a work with two calls has its slot again when both have ended', async () => {
  const { clock, slots, call } = setUp({ slots: 1, slowCalls: 1 });
  let open = 2;
  const end = async () => void open--;
  const both = slots.run(async () => await Promise.all([call(2000), call(5000)]).then(end), end);
  const other = slots.run(async () => await call(10).then(end), end);
  await clock.run(() => open === 0);
  await Promise.all([both, other]);
  expect(clock.now()).toBe(5000);
});

test('a work that ends while its call goes on leaves nothing behind', async () => {
  const { clock, slots, seen, call } = setUp({ slots: 1, slowCalls: 1 });
  let begun = 0;
  const leaveCall = () => {
    begun++;
    void call(1000);
    return Promise.resolve();
  };
  await Promise.all(Array.from({ length: 5 }, () => slots.run(leaveCall, leaveCall)));
  await clock.run(() => begun === 5 && seen.calls === 0);
  expect(clock.now()).toBe(1000);
});

test('a work that fails gives its slot back', async () => {
  const { slots } = setUp({ slots: 1 });
  const fail = () => Promise.reject(new Error('broken'));
  await expect(slots.run(fail, fail)).rejects.toThrow('broken');
  expect(await slots.run(async () => 'next', fail)).toBe('next');
});
