import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { createApiCallsTable } from '../../../shared/azure/sync/api-calls-table.ts';
import { BrokerError } from '../../../shared/errors.ts';
import { spend } from '../../../shared/incidents/sync/budget.ts';
import { createSyncState, type SyncState } from '../../../shared/incidents/sync/sync-state.ts';
import { type BudgetedCall, createCallBudget } from '../../../shared/proxy/call-budget.ts';
import { joinPieces } from '../../../shared/proxy/whole-body.ts';
import { openNewTableTwice } from '../../support/storage.ts';

const MINUTE = 60_000;
const INCIDENTS = ['api', 'incidents', '7'];

/** Two processes that share one table and one clock. */
function setUp(sync: Partial<SyncState> = {}) {
  const tenantId = randomUUID();
  const clock = { now: 1_700_000_000_000 };
  const state = { ...createSyncState(tenantId), ...sync };
  const tables = openNewTableTwice('apicalls').map(createApiCallsTable);
  const [records, others] = [tables[0] ?? expect.fail(), tables[1] ?? expect.fail()];
  const syncStates = { find: () => Promise.resolve({ value: state, etag: '1' }) };
  const common = { syncStates, defaultSource: 'defender-xdr' as const, now: () => clock.now };
  const budget = createCallBudget({ ...common, records });
  const other = createCallBudget({ ...common, records: others });
  const call = (segments: readonly string[] = INCIDENTS): BudgetedCall => ({
    tenantId,
    resource: 'defender-xdr',
    segments,
  });
  /** How many of so many calls are let through. */
  const count = async (calls: number, process = budget, asked = call()) => {
    let taken = 0;
    for (let turn = 0; turn < calls; turn++) {
      await process.take(asked).then(
        () => taken++,
        () => undefined,
      );
    }
    return taken;
  };
  return { clock, tenantId, records, budget, other, call, count };
}

const answer = (status: number, headers: Record<string, string> = {}) => ({
  status,
  headers: new Headers(headers),
  location: undefined,
  basePath: '',
  body: joinPieces([]),
});

async function refusalOf(work: Promise<void>) {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof BrokerError)) throw new Error('It was not refused.');
  const { owner, retryAfterSeconds } = error.details;
  return { code: error.code, owner, retryAfterSeconds };
}

test('the proxy may make 30 of the 50 calls of a minute, and 30 more a minute later', async () => {
  const { clock, count } = setUp();
  const first = await count(40);
  clock.now += MINUTE + 10_000;
  expect([first, await count(40)]).toEqual([30, 30]);
});

test('two processes share what a customer may have', async () => {
  const { budget, other, count } = setUp();
  const taken = (await count(40, budget)) + (await count(40, other));
  expect(taken).toBe(30);
});

test('many calls at once are not more than those one after the other', async () => {
  const { budget, other, call } = setUp();
  const work = Array.from({ length: 100 }, (_, turn) => (turn % 2 ? budget : other).take(call()));
  const outcomes = await Promise.allSettled(work);
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(30);
});

test('who is refused is told how long to wait and where the incidents are meanwhile', async () => {
  const { budget, call, count } = setUp();
  await count(30);
  expect(await refusalOf(budget.take(call()))).toEqual({
    code: 'temporarily_unavailable',
    owner: 'caller',
    retryAfterSeconds: expect.toSatisfy((seconds: number) => seconds > 50 && seconds <= 70),
  });
});

test('what the sync has used is not there for the proxy', async () => {
  const { count } = setUp({ calls: spend([], 1_700_000_000_000, 40) });
  expect(await count(40)).toBe(10);
});

test('a customer whose sync is throttled is spared', async () => {
  const retryAt = 1_700_000_000_000 + 5 * MINUTE;
  const failure = { problem: 'throttled' as const, count: 1, tries: 1, since: 0, at: 0, retryAt };
  const { budget, call } = setUp({ failure });
  expect(await refusalOf(budget.take(call()))).toEqual({
    code: 'temporarily_unavailable',
    owner: 'microsoft',
    retryAfterSeconds: 300,
  });
});

test('an hour’s quota is kept, too', async () => {
  const { clock, count } = setUp();
  let taken = 0;
  for (let minute = 0; minute < 50; minute++) {
    taken += await count(40);
    clock.now += MINUTE + 10_000;
  }
  expect(taken).toBeLessThanOrEqual(900 + 60);
});

test('a pause holds for the same part of the API, in the sync’s record too', async () => {
  const { clock, tenantId, records, budget, other, call } = setUp();
  await budget.note(call(), answer(429, { 'retry-after': '30' }));
  const refused = [await refusalOf(budget.take(call())), await refusalOf(other.take(call()))];
  await budget.take(call(['api', 'machines']));
  const stored = await records.find({ tenantId, resource: 'defender-xdr' });
  clock.now += 31_000;
  await budget.take(call());
  expect(refused.map(({ retryAfterSeconds }) => retryAfterSeconds)).toEqual([30, 30]);
  expect(stored?.value.blockedUntil).toBe(1_700_000_030_000);
});

test.each([
  [503, { 'retry-after': '20' }, 20],
  [429, {}, 10],
])('%i with %j is a pause of %i seconds', async (status, headers, seconds) => {
  const { budget, call } = setUp();
  await budget.note(call(), answer(status, headers));
  expect((await refusalOf(budget.take(call()))).retryAfterSeconds).toBe(seconds);
});

test('what is no incident of Defender XDR or Graph has no quota here', async () => {
  const { count, call } = setUp();
  const graph = { ...call(['v1.0', 'users']), resource: 'graph' as const };
  expect([
    await count(100, undefined, call(['api', 'machines'])),
    await count(100, undefined, graph),
  ]).toEqual([100, 100]);
});

test('an incident of Graph by its key counts as one by its path', async () => {
  const { count, call } = setUp();
  const graph = { ...call(['v1.0', 'security', "Incidents('7')"]), resource: 'graph' as const };
  expect(await count(40, undefined, graph)).toBe(30);
});
