import { expect, test } from 'vitest';
import { MINUTE, SECOND } from '../../support/clock.ts';
import { TENANT } from '../../support/tokens.ts';
import { fetched, setUpSync } from './set-up.ts';

const range = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

test('a message that comes up to a second and a half early is taken, as queues count whole seconds', async () => {
  const { api, sync, state, clock } = setUpSync();
  await sync();
  const dueAt = (await state())?.dueAt ?? 0;
  clock.pass(dueAt - 1501 - clock.now());
  await sync();
  expect(api.queries).toHaveLength(1);
  clock.pass(1);
  await sync();
  expect(api.queries).toHaveLength(2);
});

test('a tenant that was disabled in another process is not read', async () => {
  const { api, sync, parts, state } = setUpSync();
  const tenant = parts.directory.get();
  let status = 'active';
  const ensureCurrent = async () => {
    await Promise.resolve();
    status = 'disabled';
  };
  const directory = { get: () => ({ ...tenant, status }) };
  Object.assign(parts, { watch: { ensureCurrent }, directory });
  await sync();
  expect([api.queries, await state()]).toEqual([[], undefined]);
});

test("a process that can't know the newest revocations reads nothing", async () => {
  const { api, sync, parts, state } = setUpSync();
  const ensureCurrent = () => Promise.reject(new Error('The epoch is unreadable.'));
  Object.assign(parts, { watch: { ensureCurrent } });
  await expect(sync()).rejects.toThrow('The epoch is unreadable.');
  expect([api.queries, await state()]).toEqual([[], undefined]);
});

test('a walk that takes four minutes goes on in a further message, from where it stopped', async () => {
  const { api, sync, state, messages, stored, clock, at } = setUpSync();
  api.put(...range(20).map((id) => fetched(id, at(id))));
  api.onPage(() => clock.pass(MINUTE));
  await sync();
  expect([api.queries.length, messages]).toEqual([4, [{ tenantId: TENANT, delayMs: 0 }]]);
  const paused = await state();
  expect(paused).toMatchObject({ dueAt: clock.now(), lease: undefined, coverage: undefined });
  api.onPage(() => undefined);
  await sync();
  expect(api.queries[4]?.skip).toBe(paused?.scan?.skip);
  expect(api.queries.filter(({ skip }) => skip === 0)).toHaveLength(1);
  expect(stored()).toHaveLength(20);
});

test('a list that moves at each reading is begun three times more, and then the tenant waits', async () => {
  const { api, sync, state, stored, clock, at } = setUpSync();
  api.put(...range(30).map((id) => fetched(id, at(id))));
  let gone = 0;
  api.onPage(({ skip }) => api.takeAway(...(skip > 0 ? [++gone, ++gone, ++gone] : [])));
  await sync();
  expect(api.queries.filter(({ skip }) => skip === 0)).toHaveLength(4);
  expect(await state()).toMatchObject({
    coverage: undefined,
    failure: { problem: 'unstable_list', count: 1, retryAt: clock.now() + 30 * SECOND },
  });
  api.onPage(() => undefined);
  clock.pass(30 * SECOND);
  await sync();
  expect(await state()).toMatchObject({ failure: undefined, coverage: expect.any(Object) });
  expect(stored()).toHaveLength(30);
});
