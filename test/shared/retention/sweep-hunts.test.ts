import { expect, test } from 'vitest';
import { toIntegrityError } from '../../../shared/authority/integrity.ts';
import { createHuntTable } from '../../../shared/azure/hunting/hunt-table.ts';
import { createResultBlobs } from '../../../shared/azure/hunting/result-blobs.ts';
import { createRemoveHunt } from '../../../shared/hunting/admin/remove-hunt.ts';
import { createProgress } from '../../../shared/hunting/run/progress.ts';
import { createHuntSweep } from '../../../shared/retention/sweep-hunts.ts';
import { createRecordedLog } from '../../support/log.ts';
import { listNames, openNewContainer, openNewTable } from '../../support/storage.ts';
import { createHunt, createRun } from '../hunting/run/hunt-values.ts';

const DAY = 24 * 60 * 60_000;
const refuse = () => toIntegrityError('hunts');
const TENANT = '11111111-0000-4000-8000-000000000001';

/** Two hunts with rows, eight days and six days old, and a sweep that keeps seven days. */
async function setUp(now: () => number) {
  const blobs = openNewContainer('hunts');
  const results = createResultBlobs(blobs, refuse);
  const hunts = createHuntTable(openNewTable('hunts'), createRecordedLog());
  const [old, young] = [8, 6].map((days) => {
    const id = `99999999-0000-4000-8000-00000000000${days}`;
    return createHunt({ id, createdAt: Date.now() - days * DAY });
  });
  for (const hunt of [old, young]) {
    if (!hunt) continue;
    const run = createRun({ huntId: hunt.id, tenantId: TENANT, startedAt: hunt.createdAt });
    await hunts.create(hunt, createProgress(1, 0, hunt.createdAt), [run]);
    await results.putQuery(hunt.id, 'T');
    const part = results.openPart(TENANT, hunt.id);
    await part.add('{}');
    await part.finish();
  }
  const removeHunt = createRemoveHunt({ hunts, results });
  const log = createRecordedLog();
  const getRetentionMs = () => 7 * DAY;
  const sweep = createHuntSweep({ hunts, results, removeHunt, getRetentionMs, log, now });
  return { blobs, results, hunts, sweep, old, young };
}

test('a hunt past its retention is removed with its rows and its query, a younger one stays', async () => {
  const { blobs, hunts, sweep, old, young } = await setUp(Date.now);
  await sweep();
  expect(await hunts.find(old?.id ?? '')).toBeUndefined();
  expect(await hunts.findRun(old?.id ?? '', 0)).toBeUndefined();
  expect(await hunts.find(young?.id ?? '')).toEqual(young);
  const names = await listNames(blobs);
  expect(names).toHaveLength(2);
  expect(names.filter((name) => !name.includes(young?.id ?? ''))).toEqual([]);
});

test('rows that belong to no hunt are removed a day later', async () => {
  const clock = { now: Date.now() };
  const { blobs, results, sweep } = await setUp(() => clock.now);
  const orphan = results.openPart(TENANT, 'no-hunt');
  await orphan.add('{}');
  await orphan.finish();
  clock.now += 7 * DAY + 60_000;
  await sweep();
  expect(await listNames(blobs)).toEqual([expect.stringContaining('/no-hunt/')]);
  clock.now += DAY;
  await sweep();
  expect(await listNames(blobs)).toEqual([]);
});
