import { expect, test } from 'vitest';
import { createSyncStateTable } from '../../../../shared/azure/sync/sync-state-table.ts';
import type { SkippedIncident } from '../../../../shared/incidents/sync/skipped.ts';
import type { SyncState } from '../../../../shared/incidents/sync/sync-state.ts';
import { at } from '../../../support/incidents.ts';
import { createRecordedLog } from '../../../support/log.ts';
import { openNewTable } from '../../../support/storage.ts';
import { OTHER_TENANT, TENANT } from '../../../support/tokens.ts';

const FROM = at('2026-11-21T08:00:00Z');

const PLACE = {
  kind: 'backfill',
  source: 'graph',
  startedAt: 2_000,
  begin: FROM,
  from: FROM,
  to: undefined,
  skip: 100,
  top: 50,
  missingTargets: ['7'],
} as const;

const STATE: SyncState = {
  tenantId: TENANT,
  source: 'graph',
  dueAt: 1_000,
  walk: {
    ...PLACE,
    state: 'ordered',
    order: { by: ['created'], last: { created: FROM, updated: FROM }, below: undefined },
    previousPage: [`1 ${FROM}`, '2 '],
    overlapRows: 1,
    tooLarge: 2,
  },
  coverage: {
    source: 'graph',
    completeFrom: FROM,
    completeUpTo: at('2026-11-21T09:00:00Z'),
    reconciledAt: undefined,
  },
  failure: { problem: 'partial', count: 2, tries: 1, since: 1, at: 2, retryAt: 3 },
  failed: [{ kind: 'changes', from: FROM, problem: 'throttled', at: 3_000 }],
  skipped: [
    {
      incidentId: undefined,
      reason: 'malformed',
      fingerprint: 'f',
      since: 4_000,
      from: FROM,
      walkStartedAt: 3_500,
      tries: 1,
      retryAt: 5_000,
    },
  ],
  calls: [[1, 2]],
  lease: { owner: 'o', until: 5_000 },
  fence: 6,
};

const BARE: SyncState = {
  tenantId: OTHER_TENANT,
  source: undefined,
  dueAt: 0,
  walk: undefined,
  coverage: undefined,
  failure: undefined,
  failed: [],
  skipped: [],
  calls: [],
  lease: undefined,
  fence: 0,
};

function setUp() {
  const open = newTable();
  const log = createRecordedLog();
  return { open, log, states: createSyncStateTable(open, log) };
}

const newTable = () => openNewTable('sync');

test.each([STATE, BARE])('a state comes back as it was written', async (state) => {
  const { states } = setUp();
  await states.insert(state);
  expect((await states.find(state.tenantId))?.value).toEqual(state);
});

test.each<SyncState['walk']>([
  { ...PLACE, state: 'opening', tooLarge: 0 },
  { ...PLACE, state: 'unordered', previousPage: ['1 x'], overlapRows: 0, tooLarge: 0 },
  { ...PLACE, state: 'probing', suspect: FROM, tooLarge: 0, to: FROM },
  { ...PLACE, state: 'linked', link: 'https://api/2', links: 1, previousPage: [] },
])('a walk that is $state comes back as it was written', async (walk) => {
  const { states } = setUp();
  await states.insert({ ...STATE, walk });
  expect((await states.find(TENANT))?.value.walk).toEqual(walk);
});

test('a walk is stored under the names that earlier versions wrote', async () => {
  const { open, states } = setUp();
  await states.insert(STATE);
  const row = await (await open()).getEntity<{ scan: string; skipped: string }>(TENANT, 'state');
  const stored = { state: 'ordered', gone: ['7'], tail: [`1 ${FROM}`, '2 '], shared: 1 };
  expect(JSON.parse(row.scan)).toMatchObject(stored);
  expect(JSON.parse(row.skipped)).toMatchObject([{ scan: 3_500 }]);
});

test('a walk of an older form begins anew, and what is complete stays so', async () => {
  const { open, states } = setUp();
  await states.insert(STATE);
  const { to: _, missingTargets: gone, ...place } = PLACE;
  const none = { order: 'none', tail: [], shared: 0, links: 0, tooLarge: 0 };
  const scan = JSON.stringify({ ...place, gone, ...none });
  await (await open()).updateEntity({ partitionKey: TENANT, rowKey: 'state', scan }, 'Merge');
  expect((await states.find(TENANT))?.value).toEqual({ ...STATE, walk: undefined });
});

test('a lease that was overtaken can not write', async () => {
  const { states } = setUp();
  const first = await states.insert(STATE);
  if (!first) throw new Error('The row existed.');
  expect(await states.replace(first, { ...STATE, fence: 7 })).toBeDefined();
  expect(await states.replace(first, { ...STATE, fence: 8 })).toBeUndefined();
});

test('what only informs, or can be found out again, hides no row', async () => {
  const { open, states } = setUp();
  await states.insert(STATE);
  const odd = {
    source: 'sentinel',
    scan: '{',
    coverage: '[]',
    failure: '{"problem":1}',
    failed: '[{"problem":"new"}]',
    skipped: '{}',
    calls: '1',
  };
  await (await open()).updateEntity({ partitionKey: TENANT, rowKey: 'state', ...odd }, 'Merge');
  expect((await states.find(TENANT))?.value).toEqual({
    ...BARE,
    tenantId: TENANT,
    dueAt: STATE.dueAt,
    lease: STATE.lease,
    fence: STATE.fence,
  });
});

test('more notes than a row can hold are cut, the oldest first', async () => {
  const { states } = setUp();
  const [note] = STATE.skipped as readonly [SkippedIncident];
  const skipped = Array.from({ length: 5000 }, (_, index) => ({ ...note, since: index }));
  await states.insert({ ...STATE, skipped });
  const read = (await states.find(TENANT))?.value.skipped ?? [];
  expect(read.length).toBeGreaterThan(100);
  expect(read).toEqual(skipped.slice(0, read.length));
});

test("every tenant's summary is listed", async () => {
  const { states } = setUp();
  await states.insert(STATE);
  await states.insert(BARE);
  const pages = [];
  for await (const page of states.summaries()) pages.push(...page);
  expect(pages).toEqual([
    {
      tenantId: TENANT,
      dueAt: 1000,
      leaseUntil: 5000,
      completeUpTo: STATE.coverage?.completeUpTo,
      failure: STATE.failure,
      skipped: {
        count: 1,
        isMore: false,
        newest: { incidentId: undefined, reason: 'malformed', since: 4000 },
      },
    },
    {
      tenantId: OTHER_TENANT,
      dueAt: 0,
      leaseUntil: undefined,
      completeUpTo: undefined,
      failure: undefined,
      skipped: { count: 0, isMore: false, newest: undefined },
    },
  ]);
});
