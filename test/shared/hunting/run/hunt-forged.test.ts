import { expect, test } from 'vitest';
import type { Hunt } from '../../../../shared/hunting/hunt.ts';
import { createHuntEnvironment } from './hunt-environment.ts';
import { createHunt, createRun } from './hunt-values.ts';
import { deliverAll } from './queue.ts';

const CUSTOMER = { times: [0.5], most: 10, countsFit: true };
const OTHER = '22222222-0000-4000-8000-000000000002';

/** A hunt at two customers, whose messages were not delivered yet. */
async function setUp() {
  const environment = createHuntEnvironment([CUSTOMER, CUSTOMER]);
  const hunt = await environment.begin('T');
  const { hunts, results } = environment;
  const sealed = await results.store.findQuery(hunt.id);
  const [progress, run] = [await hunts.findProgress(hunt.id), await hunts.findRun(hunt.id, 1)];
  if (sealed === undefined || !progress || !run) throw new Error('The hunt is gone.');
  return { environment, hunt, sealed, progress: progress.value, run };
}

test('a query that somebody put in the place of a hunt is asked of nobody', async () => {
  const { environment, hunt } = await setUp();
  await environment.results.store.putQuery(hunt.id, 'EmailEvents');
  await deliverAll(environment);
  expect(environment.calls).toEqual([]);
  const refusal = { table: 'hunts', key: hunt.id, problem: 'changed' };
  expect(environment.refused).toContainEqual(refusal);
});

test.each<[string, Partial<Hunt>]>([
  ['another id', { id: OTHER }],
  ['another caller', { callerId: 'another' }],
  ['another application', { clientId: 'another' }],
  ['another limit', { maxRows: 1 }],
  ['another span of time', { timespan: { from: 0, to: 1 } }],
])('a hunt with %s and the sealed query of one asks nobody', async (_, change) => {
  const { environment, hunt, sealed, progress, run } = await setUp();
  environment.queue.splice(0);
  const forged = createHunt({ ...hunt, ...change });
  await environment.results.store.putQuery(forged.id, sealed);
  const runs = [createRun({ huntId: forged.id, tenantId: run.value.tenantId })];
  await environment.hunts.create(forged, { ...progress, total: 1, started: 1 }, runs);
  environment.queue.push({ key: { huntId: forged.id, index: 0 }, at: 0 });
  await deliverAll(environment);
  expect(environment.calls).toEqual([]);
  expect(environment.refused).toContainEqual({
    table: 'hunts',
    key: forged.id,
    problem: 'changed',
  });
});

test('a hunt asks only customers for whom it was made', async () => {
  const { environment, hunt, run } = await setUp();
  await environment.hunts.replaceRun(run, { ...run.value, tenantId: OTHER });
  await deliverAll(environment);
  expect(environment.calls).toMatchObject([{ query: expect.stringMatching(/^T/) }]);
  expect(environment.refused).toEqual([{ table: 'hunts', key: hunt.id, problem: 'changed' }]);
});
