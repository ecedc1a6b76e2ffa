import { randomBytes } from 'node:crypto';
import { brotliCompressSync, constants } from 'node:zlib';
import { expect, test } from 'vitest';
import { createIncidentTable } from '../../../../shared/azure/incidents/incident-table.ts';
import type { IncidentWrite } from '../../../../shared/incidents/incident-store.ts';
import { at, makeIncident, makeWrite } from '../../../support/incidents.ts';
import { createRecordedLog } from '../../../support/log.ts';
import { listNames, openNewContainer, openNewTable } from '../../../support/storage.ts';
import { OTHER_TENANT, TENANT } from '../../../support/tokens.ts';

function setUp() {
  const open = openNewTable('incidents');
  const blobs = openNewContainer('incidents');
  const log = createRecordedLog();
  const incidents = createIncidentTable({ open, blobs }, log);
  const save = (...writes: readonly IncidentWrite[]) => incidents.save(TENANT, writes);
  const findSeen = async (id: string) => (await incidents.findVersions(TENANT, [id])).get(id);
  return { open, blobs, log, incidents, save, findSeen };
}

const QUICK = { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } };

const range = (count: number) => Array.from({ length: count }, (_, index) => String(index + 1));

test('an incident comes back as it was written, with every byte of its JSON', async () => {
  const { incidents, save } = setUp();
  const write = makeWrite({}, { raw: '{"title":"Tür \\ud800 offen ☃","alerts":[1,2]}' });
  await save(write);
  const found = await incidents.find({ tenantId: TENANT, incidentId: '924565' });
  expect(found).toEqual({ incident: write.incident, raw: write.raw });
});

test('an incident that is not there, or whose id is none, is not found', async () => {
  const { incidents, save } = setUp();
  await save(makeWrite());
  const ids = ['1', '0924565', 'x', "' or '", '12345678901234567890'];
  const found = ids.map((incidentId) => incidents.find({ tenantId: TENANT, incidentId }));
  expect(await Promise.all(found)).toEqual(ids.map(() => undefined));
  expect(await incidents.find({ tenantId: OTHER_TENANT, incidentId: '924565' })).toBeUndefined();
});

test('versions say what is stored, whether near each other or far apart', async () => {
  const { incidents, save } = setUp();
  const ids = ['0', ...range(12), '5000', '9999999999999999999'];
  const etags = await save(...ids.map((incidentId) => makeWrite({ incidentId })));
  const versions = await incidents.findVersions(TENANT, [...ids, '13', '700', 'x']);
  expect([...versions.keys()].toSorted()).toEqual(ids.toSorted());
  expect(versions.get('7')).toEqual({
    etag: etags.get('7'),
    source: 'defender-xdr',
    lastUpdateAt: makeIncident().lastUpdateAt,
    contentHash: 'c1',
    rawHash: 'r1',
    unpublished: 'created',
  });
});

test('a version that is of another version of the app is older than any', async () => {
  const { open, findSeen, save } = setUp();
  await save(makeWrite());
  const rowKey = '9999999999999075434';
  const odd = { source: 'sentinel', lastUpdateAt: 'soon', contentHash: 1 };
  await (await open()).updateEntity({ partitionKey: TENANT, rowKey, ...odd }, 'Merge');
  const seen = await findSeen('924565');
  expect(seen).toMatchObject({ contentHash: '', lastUpdateAt: '1970-01-01T00:00:00.0000000Z' });
  expect((await save(makeWrite({}, { seen }))).size).toBe(1);
});

test('of many incidents that are saved at once only the overtaken ones are left out', async () => {
  const { incidents, save } = setUp();
  const ids = range(150);
  const first = await save(...ids.map((incidentId) => makeWrite({ incidentId })));
  const versions = await incidents.findVersions(TENANT, ids);
  const other = { contentHash: 'c2', rawHash: 'r2' };
  await save(makeWrite({ incidentId: '77' }, { ...other, seen: versions.get('77') }));
  const again = ids.map((incidentId) =>
    makeWrite({ incidentId }, { contentHash: 'c3', seen: versions.get(incidentId) }),
  );
  const saved = await save(...again, makeWrite({ incidentId: '200' }));
  expect(first.size).toBe(150);
  expect(saved.size).toBe(150);
  expect([saved.has('77'), saved.has('200')]).toEqual([false, true]);
  expect((await incidents.findVersions(TENANT, ['77'])).get('77')?.contentHash).toBe('c2');
});

test('a write whose answer was lost counts as written', async () => {
  const { incidents, save, findSeen } = setUp();
  await save(makeWrite());
  expect(await save(makeWrite())).toEqual(new Map([['924565', (await findSeen('924565'))?.etag]]));
  expect((await save(makeWrite({}, { contentHash: 'c2' }))).size).toBe(0);
  await incidents.markPublished(TENANT, await save(makeWrite()));
  expect((await save(makeWrite())).size).toBe(0);
});

test('only versions that are still there are marked as published', async () => {
  const { incidents, save, findSeen } = setUp();
  const etags = await save(...range(3).map((incidentId) => makeWrite({ incidentId })));
  await save(makeWrite({ incidentId: '2' }, { contentHash: 'c2', seen: await findSeen('2') }));
  await incidents.markPublished(TENANT, etags);
  const versions = await incidents.findVersions(TENANT, range(3));
  expect(range(3).map((id) => versions.get(id)?.unpublished)).toEqual([
    undefined,
    'created',
    undefined,
  ]);
});

test('a list is filtered, newest id first, and goes on after a page', async () => {
  const { incidents, save } = setUp();
  const writes = range(12).map((incidentId) =>
    makeWrite({ incidentId, severity: Number(incidentId) % 2 === 0 ? 'high' : 'low' }),
  );
  await save(...writes);
  const query = { tenantId: TENANT, severities: ['high'], limit: 4 };
  const first = await incidents.list(query);
  const second = await incidents.list({ ...query, after: first.next });
  expect(first.incidents.map(({ incidentId }) => incidentId)).toEqual(['12', '10', '8', '6']);
  expect(second.incidents.map(({ incidentId }) => incidentId)).toEqual(['4', '2']);
  expect([first.next, second.next]).toEqual(['6', undefined]);
  expect(second.incidents[0]).toEqual(writes[3]?.incident);
});

test.each([
  ['status', { statuses: ['resolved'] }, ['1']],
  ['assignee', { assignedTo: "o'hara@contoso.example" }, ['2']],
  ['last update', { updatedSince: at('2026-11-21T08:00:00.7654322Z') }, ['3']],
  ['creation', { createdSince: at('2026-11-21T00:00:00Z') }, ['4']],
])('a list is filtered by %s', async (_, condition, expected) => {
  const { incidents, save } = setUp();
  await save(
    makeWrite({ incidentId: '1', status: 'resolved' }),
    makeWrite({ incidentId: '2', assignedTo: "o'hara@contoso.example" }),
    makeWrite({ incidentId: '3', lastUpdateAt: at('2026-11-21T08:00:00.7654322Z') }),
    makeWrite({ incidentId: '4', createdAt: at('2026-11-21T00:00:00Z') }),
  );
  const page = await incidents.list({ tenantId: TENANT, limit: 10, ...condition });
  expect(page.incidents.map(({ incidentId }) => incidentId)).toEqual(expected);
});

test('long names, tags and comments break no row and lose nothing', async () => {
  const { incidents, save } = setUp();
  const long = (length: number) => randomBytes(length).toString('base64');
  const comments = Array.from({ length: 400 }, (_, index) => ({
    comment: long(1000),
    createdBy: `analyst-${index}@contoso.example`,
    createdAt: at('2026-11-21T08:00:00Z'),
  }));
  const incident = { name: long(60_000), severity: long(60_000), assignedTo: long(60_000) };
  const writes = [
    makeWrite({ incidentId: '1', ...incident }),
    makeWrite({
      incidentId: '2',
      ...incident,
      comments,
      tags: comments.map(({ comment }) => comment),
    }),
  ];
  expect((await save(...writes)).size).toBe(2);
  const found = writes.map(({ incident }) => incidents.find(incident));
  expect(await Promise.all(found)).toEqual(writes.map(({ incident, raw }) => ({ incident, raw })));
  const page = await incidents.list({ tenantId: TENANT, limit: 10 });
  expect(page.incidents[1]).toEqual(writes[0]?.incident);
  expect(page.incidents[0]?.comments).toHaveLength(10);
});

test('JSON that is long is shortened in lists, however well it compresses', async () => {
  const { incidents, save } = setUp();
  const seen = { comment: 'Seen. '.repeat(200), createdBy: undefined, createdAt: undefined };
  const comments = Array.from({ length: 250 }, () => seen);
  const write = makeWrite({ comments });
  await save(write);
  const page = await incidents.list({ tenantId: TENANT, limit: 10 });
  expect(page.incidents[0]?.comments).toHaveLength(10);
  expect(await incidents.find(write.incident)).toMatchObject({ incident: { comments } });
});

test('a list ends with 4 MB and goes on exactly there', async () => {
  const { incidents, save } = setUp();
  const name = 'x'.repeat(240_000);
  await save(...range(40).map((incidentId) => makeWrite({ incidentId, name })));
  const first = await incidents.list({ tenantId: TENANT, limit: 100 });
  const second = await incidents.list({ tenantId: TENANT, limit: 100, after: first.next });
  const third = await incidents.list({ tenantId: TENANT, limit: 100, after: second.next });
  const pages = [first, second, third].map((page) => page.incidents.map((one) => one.incidentId));
  expect(pages.map(({ length }) => length)).toEqual([17, 17, 6]);
  expect(pages.flat()).toEqual(range(40).toReversed());
  expect(third.next).toBeUndefined();
});

test('a list reads 101 rows at once, and no more when its page is full', async () => {
  const { open, incidents, save } = setUp();
  await save(...range(140).map((incidentId) => makeWrite({ incidentId })));
  const asked: (string | null)[] = [];
  (await open()).pipeline.addPolicy({
    name: 'watch',
    sendRequest: (request, next) => {
      asked.push(new URL(request.url).searchParams.get('$top'));
      return next(request);
    },
  });
  expect((await incidents.list({ tenantId: TENANT, limit: 20 })).incidents).toHaveLength(20);
  expect((await incidents.list({ tenantId: TENANT, limit: 120 })).next).toBe('21');
  expect(asked).toEqual(['21', '101', '101']);
});

test("a tenant's incidents are removed with their blobs, and nobody else's", async () => {
  const { incidents, blobs, save } = setUp();
  const raw = JSON.stringify(randomBytes(1_000_000).toString('base64'));
  await save(...range(120).map((incidentId) => makeWrite({ incidentId })), makeWrite({}, { raw }));
  await incidents.save(OTHER_TENANT, [makeWrite({ tenantId: OTHER_TENANT }, { raw })]);
  expect(await incidents.removeTenant(TENANT)).toBe(121);
  expect((await incidents.list({ tenantId: TENANT, limit: 1 })).incidents).toEqual([]);
  const kept = await incidents.find({ tenantId: OTHER_TENANT, incidentId: '924565' });
  expect(kept !== 'unreadable' && kept?.raw === raw).toBe(true);
  expect(await listNames(blobs)).toEqual([expect.stringMatching(`^${OTHER_TENANT}/924565/r1-`)]);
});

test("a tenant's incidents without an update for long are removed, up to a limit", async () => {
  const { incidents, save } = setUp();
  const old = at('2026-05-01T00:00:00Z');
  await save(...range(5).map((incidentId) => makeWrite({ incidentId, lastUpdateAt: old })));
  await save(makeWrite());
  await incidents.save(OTHER_TENANT, [makeWrite({ tenantId: OTHER_TENANT, lastUpdateAt: old })]);
  const later = at('2026-05-01T00:00:00.0000001Z');
  const removeBefore = (instant: typeof old) =>
    incidents.removeBefore(TENANT, { instant, limit: 3 });
  expect(await removeBefore(old)).toBe(0);
  expect(await removeBefore(later)).toBe(3);
  expect(await removeBefore(later)).toBe(2);
  const { incidents: left } = await incidents.list({ tenantId: TENANT, limit: 10 });
  expect(left.map(({ incidentId }) => incidentId)).toEqual(['924565']);
  expect((await incidents.list({ tenantId: OTHER_TENANT, limit: 10 })).incidents).toHaveLength(1);
});

test('a row that can not be read is logged and left out of lists', async () => {
  const { open, incidents, log, save } = setUp();
  await save(makeWrite());
  await (await open()).createEntity({ partitionKey: TENANT, rowKey: '1', incident: '{}' });
  expect((await incidents.list({ tenantId: TENANT, limit: 5 })).incidents).toHaveLength(1);
  expect(log.lines.map(({ event }) => event)).toEqual(['row.unreadable']);
});

test.each(['raw0', 'incident0'])(
  'a packed %s that unpacks beyond its limit is cut off early',
  async (column) => {
    const { open, log, incidents, save } = setUp();
    await save(makeWrite({ name: 'x'.repeat(200_000) }, { raw: `"${'x'.repeat(200_000)}"` }));
    const bomb = brotliCompressSync(Buffer.alloc(256 * 1024 * 1024, 0x20), QUICK);
    const row = { partitionKey: TENANT, rowKey: '9999999999999075434', [column]: bomb };
    await (await open()).updateEntity(row, 'Merge');
    expect(await incidents.find({ tenantId: TENANT, incidentId: '924565' })).toBe('unreadable');
    expect(log.lines).toMatchObject([{ event: 'row.unreadable' }]);
  },
);
