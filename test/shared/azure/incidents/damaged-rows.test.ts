import { expect, test } from 'vitest';
import { createChangeFeedTable } from '../../../../shared/azure/feed/change-feed-table.ts';
import { createIncidentTable } from '../../../../shared/azure/incidents/incident-table.ts';
import { createSyncStateTable } from '../../../../shared/azure/sync/sync-state-table.ts';
import type { OpenTable } from '../../../../shared/azure/tables/table-store.ts';
import { toInstant } from '../../../../shared/incidents/instant.ts';
import type { SyncState } from '../../../../shared/incidents/sync/sync-state.ts';
import { startWalk } from '../../../../shared/incidents/walk/walk.ts';
import { listDamaged, type Row, readRows } from '../../../support/damaged-rows.ts';
import { makeIncident, makeWrite } from '../../../support/incidents.ts';
import { createRecordedLog } from '../../../support/log.ts';
import { openNewContainer, openNewTable } from '../../../support/storage.ts';
import { OTHER_TENANT, TENANT } from '../../../support/tokens.ts';

const NOW = Date.UTC(2026, 10, 21, 9);
const KEY = { tenantId: TENANT, incidentId: '924565' };
const WRITE = makeWrite({ redirectIncidentId: '5', assignedTo: 'ann@x.example' });

async function write(open: OpenTable, row: Row): Promise<void> {
  await (await open()).updateEntity(row, 'Replace');
}

test('a stored incident does not hold what was written: it is left out and named, never shown wrong', async () => {
  const open = openNewTable('incidents');
  const log = createRecordedLog();
  const incidents = createIncidentTable({ open, blobs: openNewContainer('incidents') }, log);
  await incidents.save(TENANT, [WRITE]);
  const [row] = await readRows(open);
  const seen = new Set<string>();
  for (const damaged of listDamaged(row as Row)) {
    await write(open, damaged);
    const found = await incidents.find(KEY);
    const list = await incidents.list({ tenantId: TENANT, limit: 10 });
    const versions = await incidents.findVersions(TENANT, [KEY.incidentId]);

    seen.add(found === 'unreadable' ? found : 'found');
    expect(found === 'unreadable' ? KEY : found?.incident).toMatchObject(KEY);
    expect([list.incidents.length, list.unreadable]).toEqual(
      list.incidents.length === 1 ? [1, []] : [0, [KEY.incidentId]],
    );
    expect(list.incidents.map(({ tenantId }) => tenantId)).not.toContain(OTHER_TENANT);
    expect(versions.size).toBe(1);
  }
  expect([...seen].toSorted()).toEqual(['found', 'unreadable']);
});

test("a row that holds another tenant's incident shows it to nobody", async () => {
  const open = openNewTable('incidents');
  const incidents = createIncidentTable(
    { open, blobs: openNewContainer('incidents') },
    createRecordedLog(),
  );
  await incidents.save(TENANT, [WRITE]);
  const [row] = (await readRows(open)) as [Row];
  const foreign = JSON.stringify(makeIncident({ tenantId: OTHER_TENANT }));
  await write(open, { ...row, incident: foreign });

  expect(await incidents.find(KEY)).toBe('unreadable');
  expect(await incidents.list({ tenantId: TENANT, limit: 10 })).toMatchObject({ incidents: [] });
});

test('a stored change does not hold what was written: it is counted, and the feed goes on', async () => {
  const open = openNewTable('feed');
  const feed = createChangeFeedTable(open, createRecordedLog());
  const change = { kind: 'created', incident: WRITE.incident, recordedAt: NOW } as const;
  await feed.append([change, change]);
  const row = (await readRows(open)).find(({ kind }) => kind !== undefined) as Row;
  for (const damaged of listDamaged(row)) {
    await write(open, damaged);
    const { changes, unreadable, position } = await feed.read(0, 10);

    expect([changes.length + unreadable.length, position]).toEqual([2, 2]);
    expect(changes.map(({ incident }) => incident.tenantId)).not.toContain(OTHER_TENANT);
  }
});

const walk = startWalk({
  kind: 'changes',
  source: 'graph',
  startedAt: NOW,
  from: toInstant(NOW),
  pageSize: 50,
});

/** A state with everything that there is. */
const STATE: SyncState = {
  tenantId: TENANT,
  source: 'graph',
  dueAt: NOW,
  walk: {
    ...walk,
    state: 'ordered',
    to: toInstant(NOW + 1),
    previousPage: ['1 x'],
    overlapRows: 1,
    missingTargets: ['2'],
    order: {
      by: ['updated'],
      last: { created: toInstant(NOW), updated: toInstant(NOW) },
      below: { by: 'updated', at: toInstant(NOW) },
    },
  },
  coverage: {
    source: 'graph',
    completeFrom: toInstant(0),
    completeUpTo: toInstant(NOW),
    reconciledAt: NOW,
  },
  failure: { problem: 'throttled', count: 1, tries: 1, since: NOW, at: NOW, retryAt: NOW },
  failed: [{ kind: 'changes', from: toInstant(NOW), problem: 'throttled', at: NOW }],
  skipped: [
    {
      incidentId: '1',
      reason: 'malformed',
      fingerprint: 'f',
      since: NOW,
      from: toInstant(NOW),
      walkStartedAt: NOW,
      tries: 0,
      retryAt: NOW,
    },
  ],
  calls: [[1, 2]],
  lease: { owner: 'o', until: NOW },
  fence: 3,
};

test('a stored sync state is damaged: its tenant is known and due, and no number of it is out of range', async () => {
  const open = openNewTable('sync');
  const log = createRecordedLog();
  const states = createSyncStateTable(open, log);
  await states.insert(STATE);
  const [row] = await readRows(open);
  for (const damaged of listDamaged(row as Row)) {
    await write(open, damaged);
    const found = await states.find(TENANT);
    const summaries = [];
    for await (const page of states.summaries()) summaries.push(...page);

    expect(found?.value.tenantId).toBe(TENANT);
    expect(listNumbers(found?.value).filter((one) => one < 0 || one > 8.64e15)).toEqual([]);
    expect(summaries).toMatchObject([{ tenantId: TENANT }]);
  }
  expect(log.lines).toEqual([]);
});

function listNumbers(value: unknown): readonly number[] {
  if (typeof value === 'number') return [value];
  return typeof value === 'object' && value !== null
    ? Object.values(value).flatMap(listNumbers)
    : [];
}
