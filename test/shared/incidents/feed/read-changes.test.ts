import fc from 'fast-check';
import { expect, test } from 'vitest';
import type {
  ChangesAnswer,
  ChangesRequest,
} from '../../../../shared/incidents/feed/read-changes.ts';
import { toInstant } from '../../../../shared/incidents/instant.ts';
import { HOUR, MINUTE, SECOND } from '../../../support/clock.ts';
import { runs } from '../../../support/runs.ts';
import {
  ALLOW,
  CALLER,
  isTooLarge,
  LATE_AFTER,
  makeIncident,
  makeState,
  nameSizes,
  setUpApi,
  tenantOf,
} from '../api-set-up.ts';

const REQUEST: ChangesRequest = {
  caller: CALLER,
  tenant: undefined,
  cursor: undefined,
  since: undefined,
  limit: 100,
  waitMs: 0,
};

type Api = ReturnType<typeof setUpApi>;

/** Appends changes of these tenants, in order. */
function append({ changeFeed }: Api, ...tenants: readonly number[]) {
  for (const [id, n] of tenants.entries()) changeFeed.append(makeIncident(tenantOf(n), id + 1));
}

function sequencesOf({ changes }: ChangesAnswer) {
  return changes.map(({ sequence }) => sequence);
}

function refusal(message: string) {
  return { code: 'invalid_request', message, details: { owner: 'caller' } };
}

test('without a cursor it begins with the oldest change, and goes on from each cursor', async () => {
  const api = setUpApi(1);
  append(api, 1, 1, 1);
  const first = await api.readChanges({ ...REQUEST, limit: 2 });
  const second = await api.readChanges({ ...REQUEST, cursor: first.next });
  const end = await api.readChanges({ ...REQUEST, cursor: second.next });
  const again = await api.readChanges({ ...REQUEST, cursor: first.next });
  expect([first, second, end, again].map(sequencesOf)).toEqual([[1, 2], [3], [], [3]]);
  expect([first, second, end].map(({ hasMore }) => hasMore)).toEqual([true, false, false]);
});

test('changes of other tenants are passed over for good', async () => {
  const api = setUpApi(2);
  api.rules.splice(0, 1, { ...ALLOW, tenants: [tenantOf(2)] });
  append(api, 1, 2, 1, 2, 1);
  const first = await api.readChanges({ ...REQUEST, limit: 1 });
  const second = await api.readChanges({ ...REQUEST, limit: 1, cursor: first.next });
  const end = await api.readChanges({ ...REQUEST, cursor: second.next });
  expect([first, second, end].map(sequencesOf)).toEqual([[2], [4], []]);
  expect(first.coverage.tenants).toBe(1);
});

test('a request reads ten pages at most to find something, and its cursor moves past them', async () => {
  const api = setUpApi(2);
  api.rules.splice(0, 1, { ...ALLOW, tenants: [tenantOf(2)] });
  append(api, ...Array.from({ length: 30 }, () => 1), 2);
  const first = await api.readChanges({ ...REQUEST, limit: 2, waitMs: 30 * SECOND });
  expect([sequencesOf(first), first.hasMore]).toEqual([[], true]);
  expect(api.changeFeed.read).toHaveBeenCalledTimes(10);
  const second = await api.readChanges({ ...REQUEST, limit: 2, cursor: first.next });
  expect(sequencesOf(second)).toEqual([31]);
});

async function readAll({ readChanges }: Api, limit: number) {
  const answers: ChangesAnswer[] = [];
  let cursor: string | undefined;
  do {
    const answer = await readChanges({ ...REQUEST, limit, cursor });
    answers.push(answer);
    cursor = answer.hasMore ? answer.next : undefined;
  } while (cursor !== undefined);
  return answers;
}

test('a page of incidents or changes would be over 4 MB: all changes come once, in order', async () => {
  const feeds = fc.array(fc.tuple(fc.integer({ min: 1, max: 2 }), nameSizes), { maxLength: 25 });
  const property = fc.asyncProperty(feeds, fc.integer({ min: 1, max: 20 }), async (feed, limit) => {
    const api = setUpApi(2);
    api.rules.splice(0, 1, { ...ALLOW, tenants: [tenantOf(2)] });
    const toIncident = ([n, size]: (typeof feed)[number]) =>
      makeIncident(tenantOf(n), 1, { name: 'x'.repeat(size) });
    feed.map(toIncident).forEach(api.changeFeed.append);
    const answers = await readAll(api, limit);
    const expected = feed.flatMap(([n], index) => (n === 2 ? [index + 1] : []));
    expect(answers.flatMap(sequencesOf)).toEqual(expected);
    expect(answers.filter(({ changes }) => isTooLarge(changes))).toEqual([]);
  });
  await fc.assert(property, { numRuns: runs(7) });
});

test('a page of hundreds is read in stretches that memory holds', async () => {
  const api = setUpApi(1);
  append(api, ...Array.from({ length: 300 }, () => 1));
  const answer = await api.readChanges({ ...REQUEST, limit: 260 });
  const rest = await api.readChanges({ ...REQUEST, limit: 260, cursor: answer.next });
  expect([answer, rest].map(({ changes }) => changes.length)).toEqual([260, 40]);
  expect(Math.max(...api.changeFeed.read.mock.calls.map(([, count]) => count))).toBe(125);
});

test('a caller loses the grant of `incidents`: its cursor reads nothing more', async () => {
  const api = setUpApi(1);
  append(api, 1, 1);
  const first = await api.readChanges({ ...REQUEST, limit: 1 });
  api.rules.splice(0);
  api.epochs.read.mockResolvedValue('2');
  api.clock.pass(5 * SECOND);
  const second = await api.readChanges({ ...REQUEST, cursor: first.next });
  expect([second.changes, second.coverage.tenants]).toEqual([[], 0]);
});

test('since begins with what was recorded then, and a minute before for clocks', async () => {
  const api = setUpApi(1);
  append(api, 1, 1);
  api.clock.pass(HOUR);
  append(api, 1);
  const at = api.clock.now();
  api.clock.pass(MINUTE - SECOND);
  append(api, 1);
  const sequences = async (since: number) =>
    sequencesOf(await api.readChanges({ ...REQUEST, since }));
  expect(await sequences(api.clock.now())).toEqual([3, 4]);
  expect(await sequences(at + 2 * MINUTE - SECOND)).toEqual([4]);
  expect(await sequences(0)).toEqual([1, 2, 3, 4]);
  expect(await sequences(at + HOUR)).toEqual([]);
});

test('a cursor from before the oldest change that is kept says what to do', async () => {
  const api = setUpApi(1);
  append(api, 1, 1, 1);
  const { next } = await api.readChanges({ ...REQUEST, limit: 1 });
  api.changeFeed.removeUpTo(2);
  await expect(api.readChanges({ ...REQUEST, cursor: next })).rejects.toMatchObject({
    ...refusal('The parameter cursor is older than the changes that are kept (30 days).'),
    details: { remedy: expect.stringContaining('updated_since') },
  });
  expect(sequencesOf(await api.readChanges(REQUEST))).toEqual([3]);
});

test('a cursor ahead of the feed is of another deployment', async () => {
  const api = setUpApi(1);
  const cursor = await api.seal.seal('incident-changes', '7');
  await expect(api.readChanges({ ...REQUEST, cursor })).rejects.toMatchObject(
    refusal('The parameter cursor is of another deployment, or its key is gone.'),
  );
});

test('one tenant can be read alone, if it is granted', async () => {
  const api = setUpApi(2);
  append(api, 1, 2, 1);
  const only = await api.readChanges({ ...REQUEST, tenant: tenantOf(2) });
  expect([sequencesOf(only), only.coverage.tenants]).toEqual([[2], 1]);
  await expect(api.readChanges({ ...REQUEST, tenant: tenantOf(9) })).rejects.toMatchObject({
    code: 'access_denied',
  });
});

test('a request that waits looks every second and ends with the first change', async () => {
  const api = setUpApi(1);
  api.sleep.mockImplementation((milliseconds) => {
    api.clock.pass(milliseconds);
    if (api.sleep.mock.calls.length === 3) append(api, 1);
    return Promise.resolve();
  });
  const answer = await api.readChanges({ ...REQUEST, waitMs: 30 * SECOND });
  expect(sequencesOf(answer)).toEqual([1]);
  expect(api.sleep.mock.calls).toEqual([[SECOND], [SECOND], [SECOND]]);
});

test('a request that waits in vain ends in time, with a cursor', async () => {
  const api = setUpApi(1);
  const begun = api.clock.now();
  const answer = await api.readChanges({ ...REQUEST, waitMs: 2500 });
  expect([answer.changes, api.clock.now() - begun]).toEqual([[], 2500]);
  expect(await api.readChanges({ ...REQUEST, cursor: answer.next })).toMatchObject({ changes: [] });
});

test('changes of others do not end a wait, and are passed over', async () => {
  const api = setUpApi(2);
  api.rules.splice(0, 1, { ...ALLOW, tenants: [tenantOf(2)] });
  api.sleep.mockImplementation((milliseconds) => {
    api.clock.pass(milliseconds);
    append(api, 1);
    return Promise.resolve();
  });
  const answer = await api.readChanges({ ...REQUEST, waitMs: 3 * SECOND });
  expect([answer.changes, api.changeFeed.read.mock.calls.at(-1)?.[0]]).toEqual([[], 3]);
});

test('the coverage is that of the least complete tenant that is synced; the late ones are named', async () => {
  const api = setUpApi(4);
  const { states, clock } = api;
  const old = clock.now() - LATE_AFTER - SECOND;
  states.set(tenantOf(2), makeState(tenantOf(2), old));
  states.set(tenantOf(3), makeState(tenantOf(3), 0));
  states.delete(tenantOf(4));
  api.setStatus(3, 'consent_revoked');
  api.setStatus(4, 'offboarded');
  const { coverage } = await api.readChanges(REQUEST);
  expect(coverage).toMatchObject({ tenants: 3, completeUpTo: toInstant(old), lateCount: 2 });
  expect(coverage.dataAgeMs).toBe(LATE_AFTER + SECOND);
  expect(coverage.late.map(({ tenant }) => tenant.tenantId)).toEqual([tenantOf(3), tenantOf(2)]);
});

test('tenants of whose incidents some could not be read are named, the most recent first', async () => {
  const api = setUpApi(3);
  const { states, clock } = api;
  const walkStartedAt = clock.now();
  const from = toInstant(walkStartedAt);
  const row = { reason: 'malformed', from, walkStartedAt, tries: 0, retryAt: 0 } as const;
  for (const [tenant, since] of [[1, 5] as const, [3, 9] as const]) {
    const skipped = [{ ...row, incidentId: '7', since }];
    states.set(tenantOf(tenant), makeState(tenantOf(tenant), walkStartedAt, { skipped }));
  }
  const { coverage } = await api.readChanges(REQUEST);
  const newest = (since: number) => ({ incidentId: '7', reason: 'malformed', since });
  expect(coverage).toMatchObject({
    skippingCount: 2,
    skipping: [
      { tenantId: tenantOf(3), skipped: { count: 1, newest: newest(9) } },
      { tenantId: tenantOf(1), skipped: { count: 1, newest: newest(5) } },
    ],
  });
});

test('nothing is called complete while one synced tenant never was', async () => {
  const api = setUpApi(2);
  api.states.delete(tenantOf(2));
  const { coverage } = await api.readChanges(REQUEST);
  expect(coverage).toMatchObject({ completeUpTo: undefined, dataAgeMs: undefined, lateCount: 1 });
});

test('the tenant of each change is looked up once', async () => {
  const api = setUpApi(2);
  append(api, ...Array.from({ length: 50 }, (_, n) => (n % 2) + 1));
  await api.readChanges(REQUEST);
  await api.readChanges(REQUEST);
  expect(api.changeFeed.read).toHaveBeenCalledTimes(4);
  expect(api.findTenant).toHaveBeenCalledTimes(2);
});

test('requests that wait leave half of the process to others: one more is answered at once', async () => {
  const api = setUpApi(1);
  const { promise, resolve } = Promise.withResolvers<void>();
  api.sleep.mockReturnValue(promise);
  const readAs = (id: string) =>
    api.readChanges({
      ...REQUEST,
      caller: { ...REQUEST.caller, id },
      waitMs: 30 * SECOND,
    });
  const read = () => readAs('one more');
  const waiting = Array.from({ length: 8 }, (_, n) => readAs(`caller ${n % 4}`));
  await expect.poll(() => api.sleep.mock.calls.length).toBe(8);
  expect(sequencesOf(await read())).toEqual([]);
  append(api, 1);
  resolve();
  expect((await Promise.all(waiting)).map(sequencesOf)).toEqual(waiting.map(() => [1]));
  expect(sequencesOf(await read())).toEqual([1]);
});

test('a caller has three requests wait at once: the fourth is answered at once, others wait', async () => {
  const api = setUpApi(1);
  const { promise, resolve } = Promise.withResolvers<void>();
  api.sleep.mockReturnValue(promise);
  const readAs = (id: string) =>
    api.readChanges({ ...REQUEST, caller: { ...REQUEST.caller, id }, waitMs: 30 * SECOND });
  const waiting = Array.from({ length: 3 }, () => readAs('greedy'));
  await expect.poll(() => api.sleep.mock.calls.length).toBe(3);
  expect(sequencesOf(await readAs('greedy'))).toEqual([]);
  waiting.push(readAs('another'));
  await expect.poll(() => api.sleep.mock.calls.length).toBe(4);
  append(api, 1);
  resolve();
  expect((await Promise.all(waiting)).map(sequencesOf)).toEqual(waiting.map(() => [1]));
});

test('the JSON of changed incidents is read for what the caller may see, and only then', async () => {
  const api = setUpApi(2);
  append(api, 1, 2, 1);
  api.rules.splice(0, 1, { ...ALLOW, tenants: [tenantOf(1)] });
  const plain = await api.readChanges(REQUEST);
  const { changes, raws } = await api.readChanges({ ...REQUEST, withRaw: true });
  expect([plain.raws.size, changes.length, raws.size]).toEqual([0, 2, 2]);
  const keys = api.incidents.findRaws.mock.calls.flat(2);
  expect(new Set(keys.map(({ tenantId }) => tenantId))).toEqual(new Set([tenantOf(1)]));
});

test('a stretch is narrowed to severities and kinds, and its position moves past the rest', async () => {
  const api = setUpApi(1);
  append(api, 1, 1);
  const none = await api.readChanges({ ...REQUEST, severities: ['low'] });
  expect([none.changes, none.hasMore]).toEqual([[], false]);
  const kinds = await api.readChanges({ ...REQUEST, kinds: ['merged', 'updated'] });
  expect(kinds.changes).toEqual([]);
  expect((await api.readChanges({ ...REQUEST, severities: ['high'] })).changes).toHaveLength(2);
  expect((await api.readChanges({ ...REQUEST, cursor: none.next })).changes).toEqual([]);
});
