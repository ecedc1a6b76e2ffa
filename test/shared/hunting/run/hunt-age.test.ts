import { expect, test } from 'vitest';
import { HOUR, MINUTE } from '../../../support/clock.ts';
import { createHuntEnvironment } from './hunt-environment.ts';
import { deliverAll } from './queue.ts';

const CUSTOMER = { times: [0.5], most: 10, countsFit: true };

test.each([
  [
    'a hunt asks nobody a day after it was made',
    { age: 24 * HOUR, ended: { cancelled: 1 }, calls: 0 },
  ],
  ['a hunt asks until then', { age: 24 * HOUR - MINUTE, ended: { complete: 1 }, calls: 1 }],
])('%s', async (_, { age, ended, calls }) => {
  const environment = createHuntEnvironment([CUSTOMER]);
  const { id } = await environment.begin('T');
  environment.clock.pass(age);
  await deliverAll(environment);
  const progress = await environment.hunts.findProgress(id);
  expect([progress?.value.verdicts, environment.calls.length]).toEqual([ended, calls]);
});
