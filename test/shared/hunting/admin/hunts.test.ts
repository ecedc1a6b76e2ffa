import { expect, test } from 'vitest';
import { createHunts } from '../../../../shared/hunting/admin/hunts.ts';
import { hasEnded } from '../../../../shared/hunting/hunt.ts';
import { CALLER, createHuntEnvironment } from '../run/hunt-environment.ts';
import { take } from '../run/queue.ts';

const CUSTOMER = { times: [0.2, 0.8], most: 10, countsFit: true };

/** A hunt at customers, one of whom ends before or after each list of them. */
async function setUp(customers: number, ends: 'before' | 'after') {
  const environment = createHuntEnvironment(Array.from({ length: customers }, () => CUSTOMER));
  const { hunts, access, sealedQueries } = environment;
  const { id } = await environment.begin('T');
  const process = environment.createProcess();
  const endOne = async () => {
    const message = take(environment);
    if (message) await process.runHunt(message.key);
  };
  const listRuns: typeof hunts.listRuns = async (...range) => {
    if (ends === 'before') await endOne();
    const runs = await hunts.listRuns(...range);
    if (ends === 'after') await endOne();
    return runs;
  };
  const nothing = () => Promise.resolve();
  const shown = createHunts({
    ...{ access, sealedQueries, removeHunt: nothing, wakeRuns: nothing },
    hunts: { ...hunts, listRuns },
    seal: { open: () => Promise.reject(new Error('Nothing is sealed.')) },
    now: environment.clock.now,
  });
  return () => shown.getTenants(CALLER, id, { from: 0, limit: 10 });
}

test('the counts of a hunt are never behind the verdicts that are shown', async () => {
  const look = await setUp(3, 'before');
  const { progress, tenants } = await look();
  const ended = tenants.filter(({ run }) => hasEnded(run)).length;
  expect([ended, progress.ended, progress.verdicts]).toEqual([1, 1, { complete: 1 }]);
});

test('a hunt that finishes while it is looked at shows every verdict', async () => {
  const look = await setUp(1, 'after');
  const { progress, tenants } = await look();
  expect(progress.finishedAt).toEqual(expect.any(Number));
  expect(tenants.map(({ run }) => hasEnded(run))).toEqual([true]);
});
