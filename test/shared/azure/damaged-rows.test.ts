import { afterEach, expect, test, vi } from 'vitest';
import { createQuotaTable } from '../../../shared/azure/hunting/quota-table.ts';
import { createSavedQueryTable } from '../../../shared/azure/hunting/saved-query-table.ts';
import { createTimerTable } from '../../../shared/azure/records/timer-table.ts';
import { createApiCallsTable } from '../../../shared/azure/sync/api-calls-table.ts';
import type { OpenTable } from '../../../shared/azure/tables/table-store.ts';
import type { Caller } from '../../../shared/callers/caller.ts';
import { createSavedQueries } from '../../../shared/hunting/admin/saved-queries.ts';
import type { SavedQuery } from '../../../shared/hunting/saved-query.ts';
import { listDamaged, type Row, readRows } from '../../support/damaged-rows.ts';
import { createRecordedLog } from '../../support/log.ts';
import { openNewTable } from '../../support/storage.ts';
import { claimsOf, OTHER_TENANT, TENANT } from '../../support/tokens.ts';
import { KEY, setUp } from '../tokens/set-up.ts';

afterEach(() => vi.restoreAllMocks());

const NOW = Date.UTC(2026, 10, 21, 9);

/** Damages a row in every way, one after the other, and asks after each. */
async function forEachDamage(open: OpenTable, isIt: (row: Row) => boolean, ask: () => unknown) {
  const row = (await readRows(open)).find(isIt) as Row;
  const answers: unknown[] = [];
  for (const damaged of listDamaged(row)) {
    await (await open()).updateEntity(damaged, 'Replace');
    answers.push(await ask());
  }
  expect(answers.length).toBeGreaterThan(5);
  return answers;
}

test('a stored token does not hold what was written: another one is got, or nothing', async () => {
  const { open, createProcess, log } = setUp();
  await createProcess().getToken(KEY, 0);
  const answers = await forEachDamage(
    open,
    () => true,
    async () =>
      await createProcess()
        .getToken(KEY, 0)
        .then(
          (token) => [token.tenantId, claimsOf(token.accessToken).tenantId],
          () => 'refused',
        ),
  );
  expect(new Set(answers.map(String))).toEqual(new Set([`${TENANT},${TENANT}`, 'refused']));
  expect(JSON.stringify(log.lines)).not.toContain('eyJ');
});

test('a timer whose row can not be read hides no other', async () => {
  const open = openNewTable('timers');
  const log = createRecordedLog();
  const timers = createTimerTable(open, log);
  await timers.save({ name: 'refreshTokens', finishedAt: NOW, nextAt: NOW });
  await timers.save({ name: 'syncIncidents', finishedAt: NOW, nextAt: NOW });
  const answers = await forEachDamage(
    open,
    ({ rowKey }) => rowKey === 'refreshTokens',
    async () => (await timers.list()).map(({ name }) => name),
  );
  for (const names of answers) expect(names).toContain('syncIncidents');
  expect(log.lines.map(({ event }) => event)).toContain('row.unreadable');
});

test('counted calls that can not be read are counted anew', async () => {
  const calls = openNewTable('apicalls');
  const quota = openNewTable('huntquota');
  const store = createApiCallsTable(calls);
  const quotas = createQuotaTable(quota);
  const key = { tenantId: TENANT, resource: 'graph' } as const;
  await store.insert({ ...key, calls: [], blockedUntil: NOW });
  await quotas.insert({
    tenantId: TENANT,
    calls: [[1, 2]],
    learned: undefined,
    blocked: undefined,
  });
  const found = [
    ...(await forEachDamage(
      calls,
      () => true,
      () => store.find(key),
    )),
    ...(await forEachDamage(
      quota,
      () => true,
      () => quotas.find(TENANT),
    )),
  ];
  for (const one of found) expect(one).toMatchObject({ value: { tenantId: TENANT } });
  expect(await store.find({ ...key, tenantId: OTHER_TENANT })).toBeUndefined();
});

test('a saved query that can not be read hides no other', async () => {
  const open = openNewTable('huntqueries');
  const queries = createSavedQueryTable(open, createRecordedLog());
  const saved: Omit<SavedQuery, 'name'> = {
    query: 'DeviceInfo | where DeviceName == name',
    parameters: { name: 'string' },
    description: 'one device',
    updatedBy: 'caller',
    createdAt: NOW,
    updatedAt: NOW,
  };
  await queries.insert({ ...saved, name: 'one' });
  await queries.insert({ ...saved, name: 'other' });
  const answers = await forEachDamage(
    open,
    ({ rowKey }) => rowKey === 'one',
    async () => (await queries.list()).map(({ name }) => name),
  );
  for (const names of answers) expect(names).toContain('other');
});

test('a saved query that can not be read is refused, and can be removed and written anew', async () => {
  const open = openNewTable('huntqueries');
  const queries = createSavedQueryTable(open, createRecordedLog());
  const library = createSavedQueries({ queries, now: () => NOW });
  const caller = { id: 'caller', roles: [], kind: 'app' } as unknown as Caller;
  const input = { name: 'one', query: 'DeviceInfo', parameters: {}, description: undefined };
  await library.put(caller, input);
  const damaged = { partitionKey: 'query', rowKey: 'one', query0: Buffer.from('x') };
  await (await open()).updateEntity(damaged, 'Merge');
  await expect(library.get('one')).rejects.toMatchObject({ code: 'integrity' });
  await library.remove('one');
  expect(await library.put(caller, input)).toMatchObject({ isNew: true });
});
