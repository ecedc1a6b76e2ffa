import fc from 'fast-check';
import { expect, test } from 'vitest';
import { HOUR, MINUTE, SECOND } from '../../support/clock.ts';
import { runs } from '../../support/runs.ts';
import { createKilled, createPaused, type Steps, UNHARMED } from '../incidents/sync/killable.ts';
import { expectNoGap, OTHER, OURS, STEPS, setUp, type TestEnvironment } from './deliveries.ts';
import { DELIVERED, DOWN, ID } from './environment.ts';

const count = (max: number) => fc.integer({ min: 1, max });
const acts = fc.oneof(
  fc.tuple(fc.constantFrom(OURS, OTHER), count(120)).map(
    ([tenant, many]) =>
      (environment: TestEnvironment) =>
        environment.append(tenant, many),
  ),
  fc.constantFrom(DELIVERED, DOWN).map((answer) => (environment: TestEnvironment) => {
    environment.receiver.answer = answer;
  }),
  count(300).map(
    (minutes) =>
      async ({ clock }: TestEnvironment) =>
        clock.pass(minutes * MINUTE),
  ),
  fc
    .oneof(
      fc.constant(() => UNHARMED),
      fc.tuple(count(40), fc.boolean()).map(
        ([after, isDone]) =>
          () =>
            createKilled(after, isDone),
      ),
      count(40).map((after) => (meanwhile: () => Promise<void>) => createPaused(after, meanwhile)),
    )
    .map(
      (toSteps: (meanwhile: () => Promise<void>) => Steps) =>
        async (environment: TestEnvironment) => {
          const steps = toSteps(async () => {
            environment.clock.pass(HOUR);
            await environment.start().deliver(ID);
          });
          await environment
            .start(steps)
            .deliver(ID)
            .catch(() => undefined);
        },
    ),
);

test('killed or paused anywhere, a receiver sees every number at least once and in order', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(acts, { maxLength: 20 }), async (history) => {
      const environment = await setUp();
      for (const act of history) await act(environment);
      environment.receiver.answer = DELIVERED;
      environment.clock.pass(HOUR);
      const { retryState: _, ...current } = await environment.read();
      await environment.store.remove(ID);
      await environment.store.insert({ ...current, status: 'active', retryState: undefined });
      await environment.settle();
      expectNoGap(environment);
      expect(await environment.read()).toMatchObject({ retryState: undefined, status: 'active' });
    }),
    { numRuns: runs(20) },
  );
});

test.each([false, true])(
  'a run that dies at any of its steps (done: %s) leaves no gap',
  async (isDone) => {
    const die = async (step: number) => {
      const environment = await setUp();
      await environment.append(OURS, 12);
      await environment.append(OTHER, 3);
      await environment.append(OURS, 2);
      await environment
        .start(createKilled(step, isDone))
        .deliver(ID)
        .catch(() => undefined);
      const died = environment.sent.length;
      await environment.settle();
      expectNoGap(environment);
      return died;
    };
    const deaths = await Promise.all(STEPS.map(die));
    expect(new Set(deaths).size).toBeGreaterThanOrEqual(14);
  },
);

test('a run that dies repeats ten notifications at most', async () => {
  const die = async (step: number) => {
    const environment = await setUp();
    await environment.append(OURS, 25);
    await environment
      .start(createKilled(step, true))
      .deliver(ID)
      .catch(() => undefined);
    await environment.settle();
    return environment.sent.length - 25;
  };
  const repeated = await Promise.all(STEPS.map(die));
  expect(Math.max(...repeated)).toBe(10);
});

test('two runs at the same time deliver everything once', async () => {
  const environment = await setUp();
  await environment.append(OURS, 5);
  await Promise.all([environment.start().deliver(ID), environment.start().deliver(ID)]);
  expect(environment.sent.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5]);
});

test('while somebody delivers, nobody else does', async () => {
  const environment = await setUp();
  await environment.append(OURS, 2);
  const late = createPaused(6, () => environment.start().deliver(ID));
  await environment.start(late).deliver(ID);
  expect(environment.sent.map(({ sequence }) => sequence)).toEqual([1, 2]);
});

test('a delivery run is killed at any of its steps: 20 s later the timer finds what it left', async () => {
  const die = async (step: number) => {
    const environment = await setUp();
    await environment.append(OURS, 12);
    const steps = createKilled(step, true);
    await environment
      .start(steps)
      .deliver(ID)
      .catch(() => undefined);
    environment.clock.pass(20 * SECOND);
    const next = environment.start();
    await next.dispatch();
    await Promise.all(environment.enqueued.map(() => next.deliver(ID)));
    return new Set(environment.sent.map(({ sequence }) => sequence)).size;
  };
  expect(await Promise.all(STEPS.map(die))).toEqual(STEPS.map(() => 12));
});

test('a receiver takes nearly its 10 s each time: nobody takes the run over meanwhile', async () => {
  const environment = await setUp();
  await environment.append(OURS, 12);
  environment.receiver.meanwhile = async () => {
    environment.clock.pass(9.9 * SECOND);
    await environment.start().deliver(ID);
  };
  await environment.start().deliver(ID);
  expect(environment.sent.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4]);
});

test('a run that stood still for longer than its lease sends one more notification at most', async () => {
  const pause = async (step: number) => {
    const environment = await setUp();
    await environment.append(OURS, 12);
    let seen = 0;
    const late = createPaused(step, async () => {
      environment.clock.pass(20 * SECOND);
      await environment.start().deliver(ID);
      seen = environment.sent.length;
    });
    await environment.start(late).deliver(ID);
    expect(await environment.read()).toMatchObject({ delivered: 12, leaseUntil: undefined });
    expectNoGap(environment);
    return seen === 0 ? 0 : environment.sent.length - seen;
  };
  const more = await Promise.all(STEPS.map(pause));
  expect(Math.max(...more)).toBe(1);
});
