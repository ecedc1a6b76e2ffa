import { expect, test } from 'vitest';
import { MINUTE, SECOND } from '../../../support/clock.ts';
import { toTenantId } from './customer-data.ts';
import {
  CALLER,
  createHuntEnvironment,
  type HuntEnvironment,
  toInput,
} from './hunt-environment.ts';
import { deliverAll, settle, take } from './queue.ts';

const FEW = { times: [0.1, 0.9], most: 10, countsFit: true };

/** So many rows that one message is not enough for them. */
const MANY = {
  times: Array.from({ length: 90 }, (_, row) => row / 90),
  most: 4,
  countsFit: true,
};

async function findProgress({ hunts }: HuntEnvironment, id: string) {
  return (await hunts.findProgress(id))?.value;
}

test('as many customers are asked at the same time as the setting says', async () => {
  const environment = createHuntEnvironment(Array(9).fill(FEW), 4);
  const { id } = await environment.begin('T');
  expect(environment.queue).toHaveLength(4);
  const next = take(environment);
  await environment.createProcess().runHunt(next?.key ?? { huntId: '', index: 0 });
  expect(await findProgress(environment, id)).toMatchObject({ started: 5, ended: 1 });
});

test('hunts share the places, and the first gets its own back at the end of the second', async () => {
  const environment = createHuntEnvironment(Array(8).fill(FEW), 4);
  const first = await environment.begin('T');
  environment.clock.pass(3 * SECOND);
  const second = await environment.begin('T');
  expect(await findProgress(environment, second.id)).toMatchObject({ started: 2 });
  await deliverAll(environment);
  for (const { id } of [first, second]) {
    expect(await findProgress(environment, id)).toMatchObject({ ended: 8, rows: 16 });
  }
});

test('who begins many hunts takes places from nobody else', async () => {
  const environment = createHuntEnvironment(Array(8).fill(FEW), 8);
  for (let count = 0; count < 20; count++) await environment.begin('T');
  environment.clock.pass(3 * SECOND);
  const { progress } = await environment.createHunt({
    ...toInput('T'),
    caller: { ...CALLER, id: 'another' },
    tenants: Array.from({ length: 8 }, (_, index) => toTenantId(index)),
  });
  expect(progress).toMatchObject({ total: 8, started: 4 });
});

test("a hunt waits for no other one's slowest customer", async () => {
  const environment = createHuntEnvironment(Array(6).fill(FEW), 2);
  for (let index = 0; index < 6; index++) {
    environment.failNext(index, { kind: 'throttled', reason: 'cpu', retryAfterMs: 14 * MINUTE });
  }
  const slow = await environment.begin('T');
  await deliverAll(environment);
  const quick = await environment.begin('T', { maxRows: 1 });
  await deliverAll(environment);
  expect(await findProgress(environment, slow.id)).toMatchObject({ waiting: 6, ended: 0 });
  environment.clock.pass(15 * MINUTE);
  await settle(environment, quick);
  expect(await findProgress(environment, quick.id)).toMatchObject({ ended: 6, rows: 6 });
});

test('a customer with much makes room after ten calls, and goes on behind the others', async () => {
  const environment = createHuntEnvironment([MANY, FEW], 2);
  const hunt = await environment.begin('T | project Id');
  await settle(environment, hunt);
  const asked = environment.calls.map(({ tenantId }) => tenantId);
  expect(asked.indexOf(toTenantId(1))).toBe(10);
  expect(asked.lastIndexOf(toTenantId(0))).toBeGreaterThan(20);
  expect(await findProgress(environment, hunt.id)).toMatchObject({
    rows: 92,
    verdicts: { complete: 2 },
  });
});

test('45 calls a minute are asked of a customer, by all hunts together', async () => {
  const environment = createHuntEnvironment([MANY], 4);
  const hunts = [await environment.begin('T'), await environment.begin('T | project Id')];
  await deliverAll(environment);
  expect(environment.calls).toHaveLength(45);
  environment.clock.pass(MINUTE + 2 * SECOND);
  await deliverAll(environment);
  expect(environment.calls.length).toBeGreaterThan(45);
  for (const hunt of hunts) await settle(environment, hunt);
});
