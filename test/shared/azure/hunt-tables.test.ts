import { expect, test } from 'vitest';
import { toIntegrityError } from '../../../shared/authority/integrity.ts';
import { toPartKey } from '../../../shared/azure/hunting/hunt-rows.ts';
import { createHuntTable } from '../../../shared/azure/hunting/hunt-table.ts';
import { createQuotaTable } from '../../../shared/azure/hunting/quota-table.ts';
import { createResultBlobs } from '../../../shared/azure/hunting/result-blobs.ts';
import { createSavedQueryTable } from '../../../shared/azure/hunting/saved-query-table.ts';
import type { HuntRun, ResultPart } from '../../../shared/hunting/hunt.ts';
import { createProgress } from '../../../shared/hunting/run/progress.ts';
import { createRecordedLog } from '../../support/log.ts';
import { listNames, openNewContainer, openNewTable } from '../../support/storage.ts';
import { collectRows } from '../hunting/memory.ts';
import { createHunt, createRun } from '../hunting/run/hunt-values.ts';

const NOW = Date.UTC(2026, 10, 21, 9);
const log = createRecordedLog();
const refuse = () => toIntegrityError('hunts');

async function setUp(runs = 3) {
  const hunts = createHuntTable(openNewTable('hunts'), log);
  const hunt = createHunt({ name: 'A hunt', timespan: { from: 1, to: 2 } });
  const all = Array.from({ length: runs }, (_, index) => createRun({ index, huntId: hunt.id }));
  await hunts.create(hunt, createProgress(runs, 0, NOW), all);
  const read = async (index: number) => {
    const [run, progress] = [
      await hunts.findRun(hunt.id, index),
      await hunts.findProgress(hunt.id),
    ];
    if (!run || !progress) throw new Error('It is gone.');
    return { run, progress };
  };
  return { hunts, hunt, read };
}

const whole: HuntRun = createRun({
  index: 1,
  sealedName: 'sealed',
  plan: {
    kind: 'spans',
    column: 'TimeGenerated',
    target: 5,
    spans: [
      { from: 1, to: 2, rows: undefined },
      { from: 2, to: 3, rows: 4, take: 2 },
    ],
  },
  rows: 7,
  calls: 2,
  dueAt: NOW,
  startedAt: NOW,
  endedAt: NOW + 1,
  isWaiting: true,
  failures: 1,
  throttledSince: NOW,
  problem: 'row_limit',
  refusal: { sentence: 'No.', line: 1, column: undefined },
  lease: { owner: 'me', until: NOW + 5 },
  writer: 'me',
  revision: 4,
});

test('a hunt, its progress and its runs come back as they were written', async () => {
  const { hunts, hunt, read } = await setUp();
  expect(await hunts.find(hunt.id)).toEqual(hunt);
  const { run, progress } = await read(1);
  expect(run.value).toEqual(createRun({ index: 1 }));
  expect(progress.value).toEqual(createProgress(3, 0, NOW));
  await hunts.replaceRun(run, whole);
  expect((await read(1)).run.value).toEqual(whole);
});

test('a run, the progress and a part change together, or not at all', async () => {
  const { hunts, hunt, read } = await setUp();
  const { run, progress } = await read(0);
  const part: ResultPart = {
    huntId: hunt.id,
    number: 1,
    tenantId: whole.tenantId ?? '',
    columns: [{ name: 'a', type: 'string', widenedFrom: ['long', 'string'] }],
    rows: 3,
    blob: `${whole.tenantId}/${hunt.id}/z`,
    chunks: [2, 1],
  };
  const next = {
    run: { seen: run, next: { ...run.value, rows: 3 } },
    progress: {
      seen: progress,
      next: { ...progress.value, lastPart: 1, columns: part.columns, verdicts: { complete: 1 } },
    },
    part,
  };
  expect(await hunts.write(next)).toMatchObject({ value: { rows: 3 } });
  expect(await hunts.write(next)).toBeUndefined();
  expect(await hunts.listParts(hunt.id, 0, 10)).toEqual([part]);
  expect(await hunts.listParts(hunt.id, 1, 10)).toEqual([]);
  expect((await read(0)).progress.value).toEqual(next.progress.next);
});

test('of two that write, one does', async () => {
  const { hunts, read } = await setUp();
  const { run, progress } = await read(0);
  const write = (rows: number) =>
    hunts.write({
      run: { seen: run, next: { ...run.value, rows } },
      progress: { seen: progress, next: { ...progress.value, rows } },
    });
  const written = await Promise.all([write(1), write(2)]);
  expect(written.filter((one) => one !== undefined)).toHaveLength(1);
});

test('many runs are listed in order, page by page', async () => {
  const { hunts, hunt } = await setUp(250);
  const first = await hunts.listRuns(hunt.id, 0, 200);
  const rest = await hunts.listRuns(hunt.id, 200, 200);
  expect([...first, ...rest].map(({ index }) => index)).toEqual(
    Array.from({ length: 250 }, (_, i) => i),
  );
});

test('a caller sees its own hunts, the newest first', async () => {
  const hunts = createHuntTable(openNewTable('hunts'), log);
  const make = async (id: string, createdAt: number, callerId: string) =>
    await hunts.create(createHunt({ id, createdAt, callerId }), createProgress(0, 0, NOW), []);
  const [one, other] = [
    '88888888-0000-4000-8000-00000000000a',
    '88888888-0000-4000-8000-00000000000b',
  ];
  await make('10000000-0000-4000-8000-000000000001', NOW, one);
  await make('10000000-0000-4000-8000-000000000002', NOW + 1, one);
  await make('10000000-0000-4000-8000-000000000003', NOW + 2, other);
  const page = await hunts.listOf(one, { limit: 1 });
  const last = await hunts.listOf(one, { after: page.next, limit: 1 });
  expect([page.hunts[0]?.createdAt, last.hunts[0]?.createdAt, last.next]).toEqual([
    NOW + 1,
    NOW,
    undefined,
  ]);
});

test('a hunt that runs is active until it is said not to be', async () => {
  const { hunts, hunt } = await setUp();
  expect(await hunts.listActive()).toEqual([{ huntId: hunt.id, callerId: hunt.callerId }]);
  await hunts.removeActive(hunt.id);
  await hunts.removeActive(hunt.id);
  expect(await hunts.listActive()).toEqual([]);
});

test('a hunt that is removed leaves nothing behind', async () => {
  const { hunts, hunt } = await setUp(150);
  await hunts.remove(hunt);
  expect(await hunts.find(hunt.id)).toBeUndefined();
  expect(await hunts.listRuns(hunt.id, 0, 10)).toEqual([]);
  expect(await hunts.listOf(hunt.callerId, { limit: 10 })).toEqual({ hunts: [], next: undefined });
  expect(await hunts.listActive()).toEqual([]);
});

test('hunts are found by age, and runs by tenant', async () => {
  const { hunts, hunt } = await setUp();
  expect(await hunts.listBefore(hunt.createdAt + 1, 10)).toEqual([hunt]);
  expect(await hunts.listBefore(hunt.createdAt, 10)).toEqual([]);
  expect(await hunts.listRunsAt(whole.tenantId ?? '')).toHaveLength(3);
  expect(await hunts.listRunsAt('22222222-0000-4000-8000-000000000002')).toEqual([]);
});

test('rows are kept as compressed lines, in several blobs where they are many', async () => {
  const blobs = openNewContainer('hunts');
  const results = createResultBlobs(blobs, refuse);
  const writer = results.openPart('tenant', 'hunt');
  const rows = Array.from({ length: 30 }, (_, index) =>
    JSON.stringify({ index, text: 'ä'.repeat(90_000) }),
  );
  for (const row of rows) await writer.add(row);
  const chunks = await writer.finish();
  expect(chunks.length).toBeGreaterThan(1);
  const read = await Promise.all(
    chunks.map((_, chunk) => collectRows(results.readChunk(writer.blob, chunk))),
  );
  expect(read.flat()).toEqual(rows);
  expect(writer.blob.startsWith('tenant/hunt/')).toBe(true);
});

test('a part that names blobs of another customer, or of another hunt, is no part', async () => {
  const open = openNewTable('hunts');
  const hunts = createHuntTable(open, log);
  const [one, other] = ['11111111-0000-4000-8000-000000000001', '22222222'];
  const toRow = (number: number, blob: string) => ({
    partitionKey: 'h',
    rowKey: toPartKey(number),
    tenantId: one,
    rows: 1,
    blob,
    chunks: '[1]',
  });
  const client = await open();
  await client.createEntity(toRow(1, `${other}/h/u`));
  await client.createEntity(toRow(2, `${one}/g/u`));
  await client.createEntity(toRow(3, `${one}/h/u`));
  await client.createEntity(toRow(4, `${one}/h/../../${other}/h/u`));
  await client.createEntity(toRow(5, `${one}/h/u/x`));
  expect(await hunts.listParts('h', 0, 10)).toMatchObject([{ number: 3 }]);
});

test('a part that does not count is removed, and so is all of a tenant', async () => {
  const blobs = openNewContainer('hunts');
  const results = createResultBlobs(blobs, refuse);
  const write = async (tenant: string, hunt: string) => {
    const writer = results.openPart(tenant, hunt);
    await writer.add('{}');
    await writer.finish();
    return writer;
  };
  await (await write('one', 'a')).discard();
  expect(await listNames(blobs)).toEqual([]);
  await write('one', 'a');
  await write('one', 'b');
  await write('other', 'a');
  expect(await results.removeTenant('one', 'a')).toBe(1);
  expect(await results.removeTenant('one')).toBe(1);
  expect(await listNames(blobs)).toEqual([expect.stringMatching(/^other\/a\//)]);
  expect(await results.removeBefore(Date.now() - 60_000)).toBe(0);
  expect(await results.removeBefore(Date.now() + 60_000)).toBe(1);
});

test('a query is kept as it is, and gone is gone', async () => {
  const results = createResultBlobs(openNewContainer('hunts'), refuse);
  await results.putQuery('h', 'T | where a == "ü"');
  expect(await results.findQuery('h')).toBe('T | where a == "ü"');
  await results.removeQuery('h');
  expect(await results.findQuery('h')).toBeUndefined();
  expect(await results.readChunk('no/such/blob', 0)).toBeUndefined();
});

test('a quota comes back; what can not be read is counted anew', async () => {
  const open = openNewTable('huntquota');
  const quotas = createQuotaTable(open);
  const quota = {
    tenantId: 't',
    calls: [[5, 2]] as const,
    learned: { perMinute: 9, at: NOW },
    blocked: { until: NOW + 5, reason: 'cpu' as const },
  };
  await quotas.insert(quota);
  expect((await quotas.find('t'))?.value).toEqual(quota);
  await (await open()).updateEntity(
    { partitionKey: 't', rowKey: 'quota', calls: 'nonsense' },
    'Merge',
  );
  expect((await quotas.find('t'))?.value.calls).toEqual([]);
});

test('saved queries come back, by name', async () => {
  const queries = createSavedQueryTable(openNewTable('huntqueries'), log);
  const saved = {
    name: 'b',
    query: `T | where a in (${'"x",'.repeat(40_000)}"y")`,
    parameters: { since: 'datetime', who: 'string' },
    description: 'About.',
    updatedBy: 'me',
    createdAt: NOW,
    updatedAt: NOW + 1,
  } as const;
  await queries.insert(saved);
  await queries.insert({ ...saved, name: 'a', description: undefined, parameters: {} });
  expect((await queries.find('b'))?.value).toEqual(saved);
  expect((await queries.list()).map(({ name }) => name)).toEqual(['a', 'b']);
});
