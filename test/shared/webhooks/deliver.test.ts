import { expect, test } from 'vitest';
import { createTargetSeal } from '../../../shared/webhooks/target/target-seal.ts';
import { HOUR, SECOND } from '../../support/clock.ts';
import { createFixedSeal, createRingKey } from '../../support/key-ring.ts';
import type { Steps } from '../incidents/sync/killable.ts';
import { OURS, STEPS, setUp, type TestEnvironment, waitForEnd } from './deliveries.ts';
import { DELIVERED, DOWN, ID } from './environment.ts';

test('a receiver is tried again after 10 s, 30 s, 1 min, 5 min … and given up after a day', async () => {
  const environment = await setUp();
  await environment.append(OURS);
  environment.receiver.answer = DOWN;
  const pauses = await waitForEnd(environment);
  expect(pauses.slice(0, 8)).toEqual(
    [10, 30, 60, 300, 900, 1800, 3600, 3600].map((one) => one * SECOND),
  );
  expect(environment.enqueued).toEqual(pauses.slice(0, -1));
  expect(pauses.reduce((sum, pause) => sum + pause, 0)).toBeGreaterThanOrEqual(24 * HOUR);
  expect(pauses).toHaveLength(31);
  expect(environment.log.lines.at(-1)).toMatchObject({ level: 'warn', event: 'webhook.suspended' });
  expect(JSON.stringify(environment.log.lines)).not.toContain('hooks.example');
});

test('while it waits for its next try, nobody asks the receiver', async () => {
  const environment = await setUp();
  await environment.append(OURS, 3);
  environment.receiver.answer = DOWN;
  await environment.start().deliver(ID);
  environment.receiver.answer = DELIVERED;
  environment.clock.pass(9 * SECOND);
  await environment.start().deliver(ID);
  expect(environment.sent).toEqual([]);
  environment.clock.pass(SECOND);
  await environment.start().deliver(ID);
  expect(environment.sent.map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
});

test.each([1, 4, 10, 11, 15])(
  'a batch that ends early at %s goes on with the very notification that was refused',
  async (refused) => {
    const environment = await setUp();
    await environment.append(OURS, 15);
    let tries = 0;
    environment.receiver.meanwhile = () => {
      environment.receiver.answer = ++tries === refused ? DOWN : DELIVERED;
    };
    await environment.start().deliver(ID);
    expect(await environment.read()).toMatchObject({ delivered: refused - 1, numbered: 15 });
    await environment.settle();
    expect(environment.sent.map(({ sequence }) => sequence)).toEqual(STEPS.slice(0, 15));
    expect(tries).toBe(16);
  },
);

test('a run makes room for others after half a minute, and the next goes on where it ended', async () => {
  const environment = await setUp();
  await environment.append(OURS, 40);
  environment.receiver.meanwhile = () => environment.clock.pass(9 * SECOND);
  await environment.start().deliver(ID);
  expect(environment.sent).toHaveLength(4);
  expect(environment.enqueued).toEqual([0]);
  await environment.start().deliver(ID);
  expect(environment.sent.map(({ sequence }) => sequence)).toEqual(STEPS.slice(0, 8));
});

test('a receiver answers 410: it is asked nothing more', async () => {
  const environment = await setUp();
  await environment.append(OURS, 2);
  environment.receiver.answer = { delivered: false, problem: 'gone', status: 410 };
  await environment.start().deliver(ID);
  expect(await environment.read()).toMatchObject({ status: 'suspended', delivered: 0 });
  await environment.settle();
  expect([environment.enqueued, environment.sent]).toEqual([[], []]);
});

test('changes that went by age before they were numbered are told as one number', async () => {
  const environment = await setUp();
  await environment.append(OURS, 5);
  const bounds = async () => ({ first: 3, last: 5 });
  const steps: Steps = {
    watch: (port) =>
      'bounds' in port ? { ...port, bounds, read: readFrom(environment, 3) } : port,
  };
  await environment.start(steps).deliver(ID);
  expect(environment.sent).toMatchObject([
    { sequence: 1, reason: 'expired' },
    { sequence: 2, change: { sequence: 4 } },
    { sequence: 3, change: { sequence: 5 } },
  ]);
});

const FIRST_TWELVE = STEPS.slice(0, 12);

test.each([0, 1])(
  'numbers whose entries went by age arrive, before %s that did not',
  async (more) => {
    const environment = await setUp();
    await environment.append(OURS, 12);
    environment.receiver.answer = DOWN;
    await environment.start().deliver(ID);
    environment.clock.pass(HOUR);
    await environment.outbox.removeBefore(ID, environment.clock.now(), 20);
    await environment.append(OURS, more);
    environment.receiver.answer = DELIVERED;
    environment.enqueued.length = 0;
    await environment.start().deliver(ID);
    const told = environment.sent.map(({ sequence, reason = 'told' }) => `${sequence} ${reason}`);
    const expired = FIRST_TWELVE.map((sequence) => `${sequence} expired`);
    expect(told).toEqual([...expired, '13 told'].slice(0, 12 + more));
    expect(await environment.read()).toMatchObject({ delivered: 12 + more, retryState: undefined });
    expect(environment.enqueued).toEqual([]);
  },
);

function readFrom({ changes }: TestEnvironment, first: number) {
  return (after: number, limit: number) => {
    const left = changes.filter(({ sequence }) => sequence > Math.max(first, after));
    const page = left.slice(0, limit);
    return Promise.resolve({ changes: page, position: page.at(-1)?.sequence ?? after });
  };
}

test('only what is due is put into the queue', async () => {
  const environment = await setUp();
  const { dispatch } = environment.start();
  await dispatch();
  await environment.append(OURS);
  await dispatch();
  expect(environment.enqueued).toEqual([0]);
});

test('a subscription that can not be sealed anew holds up nobody: what is due is in the queue by then', async () => {
  const environment = await setUp();
  await environment.append(OURS);
  const seal = createTargetSeal(createFixedSeal(createRingKey('two', 8), createRingKey('one')));
  const steps: Steps = {
    watch: (port) => ('replace' in port ? { ...port, replace: () => Promise.reject('503') } : port),
  };
  await expect(environment.start(steps, seal).dispatch()).rejects.toBe('503');
  expect(environment.enqueued).toEqual([0]);
});

test('a grant is withdrawn in the middle of a run: the very next number is withheld', async () => {
  const environment = await setUp();
  await environment.append(OURS, 3);
  environment.receiver.meanwhile = () => environment.granted.delete(OURS);
  await environment.start().deliver(ID);
  expect(environment.sent).toMatchObject([
    { sequence: 1, change: { sequence: 1 } },
    { sequence: 2, reason: 'not_granted' },
    { sequence: 3, reason: 'not_granted' },
  ]);
});
