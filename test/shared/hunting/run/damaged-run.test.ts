import { expect, test } from 'vitest';
import { createHuntTable } from '../../../../shared/azure/hunting/hunt-table.ts';
import { toRunKey } from '../../../../shared/azure/hunting/run-row.ts';
import type { OpenTable } from '../../../../shared/azure/tables/table-store.ts';
import { createHunts } from '../../../../shared/hunting/admin/hunts.ts';
import type { Hunt } from '../../../../shared/hunting/hunt.ts';
import { createRecordedLog } from '../../../support/log.ts';
import { openNewTable } from '../../../support/storage.ts';
import { createHuntEnvironment } from './hunt-environment.ts';
import { settle } from './queue.ts';

const CUSTOMER = { times: [0.5], most: 10, countsFit: true };

/** A hunt at three customers in a real table; its messages were not delivered yet. */
async function setUp() {
  const open = openNewTable('hunts');
  const log = createRecordedLog();
  const found: string[] = [];
  const report = (_: object, problem: string) => void found.push(problem);
  const hunts = createHuntTable(open, { ...log, report });
  const environment = createHuntEnvironment([CUSTOMER, CUSTOMER, CUSTOMER], 3, hunts);
  return { open, environment, found, hunt: await environment.begin('T') };
}

const KEY = { rowKey: toRunKey(1) };

const ATTACKS: Readonly<Record<string, (open: OpenTable, hunt: Hunt) => Promise<unknown>>> = {
  'a plan that is no plan': async (open, { id }) =>
    (await open()).updateEntity({ partitionKey: id, ...KEY, plan0: Buffer.from('x') }, 'Merge'),
  'a time that is none': async (open, { id }) =>
    (await open()).updateEntity({ partitionKey: id, ...KEY, dueAt: 'never' }, 'Merge'),
  'no columns': async (open, { id }) =>
    (await open()).updateEntity({ partitionKey: id, ...KEY }, 'Replace'),
  'no row': async (open, { id }) => (await open()).deleteEntity(id, KEY.rowKey),
};

test.each(Object.entries(ATTACKS))(
  'a run with %s ends as failed, the others as they do',
  async (_, attack) => {
    const { open, environment, found, hunt } = await setUp();
    await attack(open, hunt);
    await settle(environment, hunt);
    const progress = (await environment.hunts.findProgress(hunt.id))?.value;
    expect(progress?.verdicts).toEqual({ complete: 2, failed: 1 });
    const runs = await environment.hunts.listRuns(hunt.id, 0, 10);
    expect(runs.map(({ problem }) => problem)).toEqual([undefined, 'run_damaged', undefined]);
    expect(new Set(found)).toEqual(new Set(['damaged']));
  },
);

test('a hunt whose progress can not be read keeps no other one from going on', async () => {
  const { open, environment, hunt } = await setUp();
  const other = await environment.begin('T');
  environment.queue.splice(0);
  const progress = { partitionKey: hunt.id, rowKey: 'progress', verdicts: '{' };
  await (await open()).updateEntity(progress, 'Merge');
  await settle(environment, other);
  expect((await environment.hunts.findProgress(other.id))?.value.verdicts).toEqual({ complete: 3 });
  await expect(environment.hunts.findProgress(hunt.id)).rejects.toMatchObject({
    code: 'integrity',
  });
  const parts = { hunts: environment.hunts } as Parameters<typeof createHunts>[0];
  const caller = { id: hunt.callerId } as Parameters<ReturnType<typeof createHunts>['list']>[0];
  const { hunts } = await createHunts(parts).list(caller, { limit: 10 });
  expect(hunts.map(({ hunt: { id } }) => id)).toEqual([other.id]);
});
