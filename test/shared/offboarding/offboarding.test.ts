import { expect, test } from 'vitest';
import { TENANT } from '../../support/tokens.ts';
import { createDeath } from './death.ts';
import { addTraces, setUp } from './set-up.ts';

const DAY = 24 * 60 * 60_000;

/** Every write of an offboarding: tombstone, epoch, each purge and its count, the end. */
const WRITES = [1, 2, 3, 4, 5, 6, 7, 8, 9];

const DONE = { tokens: 2, invitations: 3, grant_rules: 1 };

test('an offboarding leaves the tombstone, and counts what it removed', async () => {
  const world = setUp();
  await addTraces(world);
  const { offboarding } = await world.offboard();
  expect(offboarding).toMatchObject({ purgedAt: world.clock.now(), removed: DONE });
  expect(await world.places()).toEqual(['tenants']);
  expect(await world.raw.invitations.find('other')).toBeDefined();
  expect(await world.read()).toMatchObject({
    status: 'offboarded',
    displayName: undefined,
    tags: [],
    failure: undefined,
  });
});

test('a repeat changes nothing, not even a time', async () => {
  const world = setUp();
  await addTraces(world);
  const first = await world.offboard();
  world.clock.pass(DAY);
  expect(await world.offboard()).toEqual(first);
  expect(world.advanceEpoch).toHaveBeenCalledTimes(2);
});

test.each(WRITES)(
  'an offboarding dies half-way: killed before write %i, a repeat completes it',
  async (write) => {
    const death = createDeath(write);
    const world = setUp(death.step);
    await addTraces(world);
    await expect(world.offboard()).rejects.toThrow('killed');
    death.revive();
    const { offboarding } = await world.offboard();
    expect(offboarding.purgedAt).toBe(world.clock.now());
    expect(await world.places()).toEqual(['tenants']);
    expect(world.advanceEpoch).toHaveBeenCalled();
  },
);

test.each(WRITES.slice(1))(
  'killed before write %i, the daily sweep completes it',
  async (write) => {
    const death = createDeath(write);
    const world = setUp(death.step);
    await addTraces(world);
    await expect(world.offboard()).rejects.toThrow('killed');
    death.revive();
    world.clock.pass(30 * DAY);
    await world.offboardings.resume();
    expect(await world.places()).toEqual(['tenants']);
    expect((await world.read())?.offboarding?.purgedAt).toBe(world.clock.now());
  },
);

test('what was removed before the kill is counted with the rest', async () => {
  const death = createDeath(7);
  const world = setUp(death.step);
  await addTraces(world);
  await expect(world.offboard()).rejects.toThrow('killed');
  death.revive();
  expect((await world.offboard()).offboarding.removed).toEqual(DONE);
});

test('the sweep leaves tenants alone that are served, or gone for long', async () => {
  const served = setUp();
  await addTraces(served);
  await served.offboardings.resume();
  expect(await served.read()).toMatchObject({ status: 'active' });
  await served.offboard();
  served.clock.pass(30 * DAY);
  const before = served.log.lines.length;
  await served.offboardings.resume();
  expect(served.log.lines).toHaveLength(before);
});

test('an offboarding that fails in the sweep does not keep it from the others', async () => {
  const death = createDeath(3);
  const world = setUp(death.step);
  await addTraces(world);
  await expect(world.offboard()).rejects.toThrow('killed');
  await world.offboardings.resume();
  expect(world.log.lines.at(-1)).toMatchObject({ event: 'offboarding.purge_failed' });
});

test('a purge leaves a tenant alone that came back meanwhile', async () => {
  const world = setUp();
  await addTraces(world);
  const tombstone = await world.offboardings.close(TENANT);
  await world.raw.tenants.remove(TENANT);
  await world.addTenant();
  await expect(world.offboardings.purge(tombstone)).rejects.toThrow('no such tenant');
  const places = [
    'tenants',
    'tokens',
    'tokens',
    'invitations',
    'invitations',
    'invitations',
    'callers',
  ];
  expect(await world.places()).toEqual(places);
});
