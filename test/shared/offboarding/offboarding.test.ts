import { expect, test } from 'vitest';
import { TENANT } from '../../support/tokens.ts';
import { createDeath } from './death.ts';
import { addTraces, setUp } from './set-up.ts';

const DAY = 24 * 60 * 60_000;

/** Every write of an offboarding: tombstone, epoch, each purge and its count, the end. */
const WRITES = [1, 2, 3, 4, 5, 6, 7, 8, 9];

const DONE = { tokens: 2, invitations: 3, grant_rules: 1 };

test('an offboarding leaves the tombstone, and counts what it removed', async () => {
  const environment = setUp();
  await addTraces(environment);
  const { offboarding } = await environment.offboard();
  expect(offboarding).toMatchObject({ purgedAt: environment.clock.now(), removed: DONE });
  expect(await environment.places()).toEqual(['tenants']);
  expect(await environment.raw.invitations.find('other')).toBeDefined();
  const tombstone = await environment.read();
  expect(tombstone).toMatchObject({ status: 'offboarded', tags: [] });
  expect([tombstone?.displayName, tombstone?.failure]).toEqual([undefined, undefined]);
});

test('a repeat changes nothing, not even a time', async () => {
  const environment = setUp();
  await addTraces(environment);
  const first = await environment.offboard();
  environment.clock.pass(DAY);
  expect(await environment.offboard()).toEqual(first);
  expect(environment.advanceEpoch).toHaveBeenCalledTimes(2);
});

test.each(WRITES)(
  'an offboarding dies half-way: killed before write %i, a repeat completes it',
  async (write) => {
    const death = createDeath(write);
    const environment = setUp(death.step);
    await addTraces(environment);
    await expect(environment.offboard()).rejects.toThrow('killed');
    death.revive();
    const { offboarding } = await environment.offboard();
    expect(offboarding.purgedAt).toBe(environment.clock.now());
    expect(await environment.places()).toEqual(['tenants']);
    expect(environment.advanceEpoch).toHaveBeenCalled();
  },
);

test.each(WRITES.slice(1))(
  'killed before write %i, the daily sweep completes it',
  async (write) => {
    const death = createDeath(write);
    const environment = setUp(death.step);
    await addTraces(environment);
    await expect(environment.offboard()).rejects.toThrow('killed');
    death.revive();
    environment.clock.pass(30 * DAY);
    await environment.offboardings.resume();
    expect(await environment.places()).toEqual(['tenants']);
    expect((await environment.read())?.offboarding?.purgedAt).toBe(environment.clock.now());
  },
);

test('what was removed before the kill is counted with the rest', async () => {
  const death = createDeath(7);
  const environment = setUp(death.step);
  await addTraces(environment);
  await expect(environment.offboard()).rejects.toThrow('killed');
  death.revive();
  expect((await environment.offboard()).offboarding.removed).toEqual(DONE);
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
  const environment = setUp(death.step);
  await addTraces(environment);
  await expect(environment.offboard()).rejects.toThrow('killed');
  await environment.offboardings.resume();
  expect(environment.log.lines.at(-1)).toMatchObject({ event: 'offboarding.purge_failed' });
});

test('a purge leaves a tenant alone that came back meanwhile', async () => {
  const environment = setUp();
  await addTraces(environment);
  const tombstone = await environment.offboardings.close(TENANT);
  await environment.raw.tenants.remove(TENANT);
  await environment.addTenant();
  await expect(environment.offboardings.purge(tombstone)).rejects.toThrow('no such tenant');
  const places = [
    'tenants',
    'tokens',
    'tokens',
    'invitations',
    'invitations',
    'invitations',
    'callers',
  ];
  expect(await environment.places()).toEqual(places);
});
