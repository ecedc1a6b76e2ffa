import { expect, test } from 'vitest';
import { createIntegrityMonitor } from '../../../shared/authority/integrity.ts';
import { createIntegrityProbe } from '../../../shared/authority/integrity-probe.ts';
import type { Refusal } from '../../../shared/authority/refusal.ts';
import { createRefusals } from '../../../shared/authority/refusals.ts';
import { createRefusalRow } from '../../../shared/azure/audit/refusal-row.ts';
import { createRowSeal } from '../../../shared/azure/authority/row-seal.ts';
import { createClock, MINUTE, SECOND } from '../../support/clock.ts';
import { createFixedSeal, createRingKey } from '../../support/key-ring.ts';
import { createRecordedLog } from '../../support/log.ts';
import { openNewTable } from '../../support/storage.ts';

const MOVED: Refusal = {
  table: 'queues',
  key: 'token-refresh|other_queue',
  problem: 'other_queue',
};
const BOMB: Refusal = { table: 'incidents', key: 'hash|7', problem: 'too_large' };

/** Two processes of one broker: one takes messages, the other answers the health check. */
function setUp() {
  const open = openNewTable('acts');
  const clock = createClock();
  const { now } = clock;
  const start = () => {
    const log = createRecordedLog();
    const monitor = createIntegrityMonitor({ log, now });
    const rows = createRowSeal(createFixedSeal(createRingKey('one')).seal, 'acts');
    const store = createRefusalRow(open, rows);
    const refusals = createRefusals({ monitor, store, log, now });
    const reports = { find: async () => undefined, save: async () => undefined };
    const probe = createIntegrityProbe({ monitor, reports, refusals, now });
    const listNamed = async () => {
      const { down } = (await probe()) as { down?: { rows: readonly { key: string }[] } };
      return down?.rows.map(({ key }) => key) ?? [];
    };
    return { log, monitor, refusals, listNamed };
  };
  return { open, clock, worker: start(), other: start() };
}

test('what one process refused is in the health of every process for an hour', async () => {
  const { clock, worker, other } = setUp();
  worker.refusals.report(MOVED);
  expect([worker.refusals.isDue, await other.listNamed()]).toEqual([true, []]);
  await worker.refusals.share();
  expect(await worker.listNamed()).toEqual([MOVED.key]);
  expect(await other.listNamed()).toEqual([MOVED.key]);
  expect(worker.log.lines).toMatchObject([{ level: 'error', event: 'integrity.violated' }]);
  clock.pass(60 * MINUTE);
  expect([await worker.listNamed(), await other.listNamed()]).toEqual([[], []]);
});

test('a refusal that goes on is named on, and began when it began', async () => {
  const { clock, worker, other } = setUp();
  const since = new Date(clock.now()).toISOString();
  for (let minutes = 0; minutes < 90; minutes += 15) {
    worker.refusals.report(MOVED);
    await worker.refusals.share();
    clock.pass(15 * MINUTE);
  }
  expect(await other.listNamed()).toEqual([MOVED.key]);
  const [finding] = await other.refusals.list();
  expect(new Date(finding?.since ?? 0).toISOString()).toBe(since);
});

test('ten thousand refusals cost one write in five seconds, and fifty names', async () => {
  const { clock, worker, other } = setUp();
  for (let number = 0; number < 10_000; number++) {
    worker.refusals.report({ ...BOMB, key: `hash|${number}` });
  }
  await worker.refusals.share();
  expect(await other.refusals.list()).toHaveLength(50);
  worker.refusals.report({ ...BOMB, key: 'hash|more' });
  expect(worker.refusals.isDue).toBe(false);
  clock.pass(5 * SECOND);
  expect(worker.refusals.isDue).toBe(true);
  expect(worker.monitor.list().length).toBeLessThanOrEqual(1000);
});

test('what an operator accepts is named no more, the rest is', async () => {
  const { worker, other } = setUp();
  worker.refusals.report(MOVED);
  worker.refusals.report(BOMB);
  await worker.refusals.share();
  const isMoved = ({ key }: { key: string }) => key === MOVED.key;
  const { accepted } = await other.refusals.accept(isMoved);
  expect(accepted).toEqual([{ table: 'queues', key: MOVED.key }]);
  expect(await other.listNamed()).toEqual([BOMB.key]);
});

test('two processes that share at once lose nothing', async () => {
  const { worker, other } = setUp();
  worker.refusals.report(MOVED);
  other.refusals.report(BOMB);
  await Promise.all([worker.refusals.share(), other.refusals.share()]);
  expect((await worker.refusals.list()).map(({ key }) => key).toSorted()).toEqual([
    BOMB.key,
    MOVED.key,
  ]);
});

test('what somebody else wrote in their place names nobody, and the next one is shared', async () => {
  const { open, worker, other } = setUp();
  const content = JSON.stringify([{ ...MOVED, since: 0, seenAt: 0, endsAt: 1e15 }]);
  const planted = { partitionKey: 'check', rowKey: 'refused', content };
  await (await open()).createEntity(planted);
  expect(await other.listNamed()).toEqual([]);
  worker.refusals.report(BOMB);
  await worker.refusals.share();
  expect(await other.listNamed()).toEqual([BOMB.key]);
});
