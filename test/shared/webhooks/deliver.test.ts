import { hkdfSync } from 'node:crypto';
import fc from 'fast-check';
import { CompactEncrypt } from 'jose';
import { expect, test } from 'vitest';
import { createTargetSeal } from '../../../shared/webhooks/target/target-seal.ts';
import { HOUR, MINUTE, SECOND } from '../../support/clock.ts';
import { createFixedSeal, createRingKey } from '../../support/key-ring.ts';
import { runs } from '../../support/runs.ts';
import { createKilled, createPaused, type Steps, UNHARMED } from '../incidents/sync/killable.ts';
import { createWebhookEnvironment, DELIVERED, DOWN, ID } from './environment.ts';

const OURS = '11111111-0000-4000-8000-000000000000';
const OTHER = '22222222-0000-4000-8000-000000000000';

type TestEnvironment = Awaited<ReturnType<typeof createWebhookEnvironment>>;

async function setUp() {
  const environment = await createWebhookEnvironment();
  environment.granted.add(OURS);
  return environment;
}

/** Every granted change arrived under its number, and no number before the ones below it. */
function expectNoGap({ sent, changes }: TestEnvironment) {
  const wanted = changes.filter(({ incident }) => incident.tenantId === OURS);
  const seen = new Map(sent.map(({ sequence, change }) => [sequence, change?.sequence] as const));
  const firsts = [...new Set(sent.map(({ sequence }) => sequence))];
  expect(firsts).toEqual(wanted.map((_, index) => index + 1));
  expect(firsts.map((sequence) => seen.get(sequence))).toEqual(wanted.map((one) => one.sequence));
  const contents = new Set(sent.map(({ sequence, change }) => `${sequence} ${change?.sequence}`));
  expect(contents.size).toBe(firsts.length);
}

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
    { numRuns: runs(60) },
  );
});

/** More than a run takes. */
const STEPS = Array.from({ length: 60 }, (_, n) => n + 1);
const FIRST_TWELVE = STEPS.slice(0, 12);

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

/** The pauses of a receiver that is down until it is given up. */
async function waitForEnd(environment: TestEnvironment): Promise<readonly number[]> {
  const pauses: number[] = [];
  while ((await environment.read()).status === 'active') {
    await environment.start().deliver(ID);
    const { retryState } = await environment.read();
    pauses.push((retryState?.retryAt ?? 0) - environment.clock.now());
    environment.clock.pass(pauses.at(-1) ?? 0);
  }
  return pauses;
}

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

/** A subscription whose key this process does not know. */
async function setUpSealedByOther() {
  const environment = await setUp();
  const other = createTargetSeal(createFixedSeal(createRingKey('lost', 9)));
  const target = { url: 'https://hooks.example', secret: 'whsec_YQ==', previous: undefined };
  const rest = await environment.read();
  await environment.store.remove(ID);
  await environment.store.insert({ ...rest, sealed: await other.seal(rest, target) });
  await environment.append(OURS);
  return { ...environment, other };
}

test('the key that sealed a subscription is lost for a day: it is suspended with its remedy', async () => {
  const environment = await setUpSealedByOther();
  expect(await waitForEnd(environment)).toHaveLength(31);
  expect(await environment.read()).toMatchObject({ retryState: { problem: 'key_lost' } });
  expect(environment.sent).toEqual([]);
});

test('a process that does not know the key yet gives no subscription up', async () => {
  const environment = await setUpSealedByOther();
  await environment.start().deliver(ID);
  expect(await environment.read()).toMatchObject({
    status: 'active',
    retryState: { problem: 'key_lost' },
  });
  environment.clock.pass(10 * SECOND);
  await environment.start(UNHARMED, environment.other).deliver(ID);
  expect(await environment.read()).toMatchObject({ delivered: 1, retryState: undefined });
});

test('a sealed target opens for its own subscription and caller only', async () => {
  const { seal, read } = await setUp();
  const { id, callerId, sealed } = await read();
  expect(await seal.open({ id: 'another', callerId }, sealed)).toBeUndefined();
  expect(await seal.open({ id, callerId: 'another' }, sealed)).toBeUndefined();
  expect(await seal.open({ id, callerId }, `${sealed.slice(0, -4)}AAAA`)).toBeUndefined();
  expect(await seal.open({ id, callerId }, sealed)).toMatchObject({ secret: 'whsec_YQ==' });
});

/** As earlier versions sealed targets. */
async function sealWithoutCaller(subscription: string, target: unknown) {
  const { kid, key } = createRingKey('one');
  return await new CompactEncrypt(Buffer.from(JSON.stringify(target)))
    .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', kid, subscription })
    .encrypt(hkdf(key, 'webhook target'));
}

function hkdf(key: Uint8Array, info: string) {
  return new Uint8Array(hkdfSync('sha256', key, '', info, 32));
}

test('a target of before it was bound to its caller opens, and the timer binds it', async () => {
  const environment = await setUp();
  const target = { url: 'https://hooks.example/', secret: 'whsec_YQ==' };
  const sealed = await sealWithoutCaller(ID, target);
  expect(await environment.seal.open({ id: ID, callerId: 'caller' }, sealed)).toMatchObject(target);
  expect(
    await environment.seal.open({ id: 'another', callerId: 'caller' }, sealed),
  ).toBeUndefined();
  const stored = await environment.store.find(ID);
  if (stored) await environment.store.replace(stored, { ...stored.value, sealed });
  await environment.start().dispatch();
  const bound = (await environment.read()).sealed;
  expect(await environment.seal.open({ id: ID, callerId: 'caller' }, bound)).toMatchObject(target);
  expect(await environment.seal.open({ id: ID, callerId: 'another' }, bound)).toBeUndefined();
});

test('after a rotation of the key ring the timer seals anew', async () => {
  const environment = await setUp();
  const seal = createTargetSeal(createFixedSeal(createRingKey('two', 8), createRingKey('one')));
  await environment.start(UNHARMED, seal).dispatch();
  const subscription = await environment.read();
  expect(await seal.isOld(subscription.sealed)).toBe(false);
  expect(await seal.open(subscription, subscription.sealed)).toMatchObject({
    secret: 'whsec_YQ==',
  });
});

const BLOCKED = { blocked: true };
const DENYING = {
  rules: [{ id: 'no', effect: 'deny', tenants: ['*'], resources: ['*'] }],
} as const;
const ELSEWHERE = { webhookHosts: ['other.example', '*.hooks.example'] };

test.each([
  ['owner_blocked', BLOCKED],
  ['owner_without_grant', DENYING],
  ['host_not_allowed', ELSEWHERE],
])(
  'a subscriber makes no request for 30 days, is blocked, or loses its grants: %s',
  async (problem, change) => {
    const environment = await setUp();
    await environment.append(OURS, 3);
    if (environment.owner.grants)
      environment.owner.grants = { ...environment.owner.grants, ...change };
    await environment.start().deliver(ID);
    expect(environment.sent).toEqual([]);
    expect(await environment.read()).toMatchObject({
      status: 'suspended',
      leaseUntil: undefined,
      retryState: { problem },
    });
  },
);

test('an owner that is blocked in the middle of a run gets no further notification', async () => {
  const environment = await setUp();
  await environment.append(OURS, 3);
  environment.receiver.meanwhile = () => {
    if (environment.owner.grants)
      environment.owner.grants = { ...environment.owner.grants, blocked: true };
  };
  await environment.start().deliver(ID);
  expect(environment.sent.map(({ sequence }) => sequence)).toEqual([1]);
  expect(await environment.read()).toMatchObject({ status: 'suspended', delivered: 1 });
});

test('a subscription whose owner has not come for 30 days ends, also where nothing waits', async () => {
  const environment = await createWebhookEnvironment({ expiresAt: 0 });
  await environment.start().dispatch();
  expect(await environment.read()).toMatchObject({
    status: 'suspended',
    retryState: { problem: 'expired' },
  });
});

test('an owner without any record ends its subscription, in audit mode it goes on', async () => {
  const environment = await setUp();
  const { owner, owners } = environment;
  const subscription = await environment.read();
  if (owner.grants) owner.grants = { ...owner.grants, mode: 'audit', rules: [] };
  expect(await owners.findStop(subscription)).toBeUndefined();
  owner.grants = undefined;
  expect(await owners.findStop(subscription)).toBe('owner_without_grant');
});
