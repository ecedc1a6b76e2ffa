import { expect, test } from 'vitest';
import { spend } from '../../../../shared/incidents/sync/budget.ts';
import { MINUTE, SECOND } from '../../../support/clock.ts';
import { TENANT } from '../../../support/tokens.ts';
import { fetched, setUpSync } from '../set-up.ts';

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
  expect(api.queries[4]?.skip).toBe(paused?.walk?.skip);
  expect(api.queries.filter(({ skip }) => skip === 0)).toHaveLength(1);
  expect(stored()).toHaveLength(20);
});

test('a list that moves at each reading is read in smaller windows, to the end', async () => {
  const { api, drain, state, stored, at } = setUpSync();
  api.put(...range(30).map((id) => fetched(id, at(id))));
  let next = 30;
  api.onPage(({ skip }) => {
    for (const id of skip > 0 ? [++next, ++next, ++next] : []) api.put(fetched(-id, at(0)));
  });
  await drain();
  expect(stored()).toEqual(expect.arrayContaining(range(30)));
  expect(api.queries.length).toBeLessThan(100);
  expect(await state()).toMatchObject({ failure: undefined, coverage: expect.any(Object) });
});

test('an instant that moves at each reading is begun three times more, and then the tenant waits', async () => {
  const { api, drain, state, stored, clock, at } = setUpSync();
  api.put(...range(8).map((id) => fetched(id, at(30))));
  api.onPage(({ skip }) => {
    if (skip > 0) api.troubles.push((page) => ({ ...page, rows: page.rows.toReversed() }));
  });
  await drain();
  const windows = api.queries.filter(({ skip }) => skip === 0).map(({ from, to }) => from + to);
  expect(windows.filter((window) => window === windows.at(-1))).toHaveLength(4);
  expect(await state()).toMatchObject({
    coverage: undefined,
    failure: { problem: 'unstable_list', count: 1, retryAt: clock.now() + 30 * SECOND },
  });
  clock.pass(30 * SECOND);
  await drain();
  expect(await state()).toMatchObject({
    failure: { count: 2, retryAt: clock.now() + 60 * SECOND },
  });
  api.onPage(() => undefined);
  clock.pass(60 * SECOND);
  await drain();
  expect(await state()).toMatchObject({ failure: undefined, coverage: expect.any(Object) });
  expect(stored()).toHaveLength(8);
});

test("what the proxy's callers used of the quota is not there for the sync, which goes on later", async () => {
  const { api, sync, messages, parts, clock } = setUpSync();
  const used = { calls: spend([], clock.now(), 50), blockedUntil: 0 };
  Object.assign(parts, { findProxiedCalls: () => Promise.resolve(used) });
  await sync();
  expect(api.queries).toEqual([]);
  expect(messages).toEqual([{ tenantId: TENANT, delayMs: expect.any(Number) }]);
  clock.pass(messages[0]?.delayMs ?? 0);
  await sync();
  expect(api.queries).toHaveLength(1);
});

test('where the API asked a caller of the proxy for a pause the sync waits, too', async () => {
  const { api, sync, messages, parts, clock } = setUpSync();
  const blockedUntil = clock.now() + 30 * SECOND;
  Object.assign(parts, { findProxiedCalls: () => Promise.resolve({ calls: [], blockedUntil }) });
  await sync();
  expect([api.queries, messages]).toEqual([[], [{ tenantId: TENANT, delayMs: 30 * SECOND }]]);
});
