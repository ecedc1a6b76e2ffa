import { randomBytes } from 'node:crypto';
import type { TableClient } from '@azure/data-tables';
import { expect, test } from 'vitest';
import type { BlobContainer } from '../../../../shared/azure/blobs/blob-container.ts';
import { createIncidentTable } from '../../../../shared/azure/incidents/incident-table.ts';
import { makeWrite } from '../../../support/incidents.ts';
import { createRecordedLog } from '../../../support/log.ts';
import { listNames, openNewContainer, openNewTable } from '../../../support/storage.ts';
import { TENANT } from '../../../support/tokens.ts';

const KEY = { tenantId: TENANT, incidentId: '924565' };
const DAY = 24 * 60 * 60_000;

const makeLarge = (bytes = 1_000_000) => JSON.stringify({ x: randomBytes(bytes).toString('hex') });

/** A store, and a process that dies at one of its accesses to blobs. */
function setUp() {
  const open = openNewTable('incidents');
  const blobs = openNewContainer('incidents');
  const log = createRecordedLog();
  const createOver = (changes: Partial<BlobContainer> = {}) =>
    createIncidentTable({ open, blobs: { ...blobs, ...changes } }, log);
  const createDyingAtRow = () =>
    createIncidentTable({ open: () => open().then(refuseWrites), blobs }, log);
  const incidents = createOver();
  const findSeen = async () => (await incidents.findVersions(TENANT, ['924565'])).get('924565');
  const findRaw = async () => {
    const found = await incidents.find(KEY);
    return found === 'unreadable' ? found : found?.raw;
  };
  return { blobs, createOver, createDyingAtRow, incidents, findSeen, findRaw };
}

/** The table of a process that dies when it writes a row. */
const refuseWrites = (client: TableClient) =>
  new Proxy(client, {
    get: (target, name) => {
      const member = Reflect.get(target, name);
      if (name === 'updateEntity' || name === 'submitTransaction') return die;
      return typeof member === 'function' ? member.bind(target) : member;
    },
  });

const die = () => Promise.reject(new Error('killed'));

test("an incident's JSON is too large for a table's row: 5 MB that can not be compressed come back whole", async () => {
  const { incidents, findRaw, blobs } = setUp();
  const raw = JSON.stringify(randomBytes(2_500_000).toString('hex'));
  await incidents.save(TENANT, [makeWrite({}, { raw })]);
  expect((await findRaw()) === raw).toBe(true);
  expect(await listNames(blobs)).toEqual([expect.stringMatching(`^${TENANT}/924565/r1-`)]);
});

test('an incident whose JSON is left out is kept without it', async () => {
  const { incidents, blobs } = setUp();
  const write = makeWrite({}, { raw: undefined });
  await incidents.save(TENANT, [write]);
  expect(await incidents.find(KEY)).toEqual({ incident: write.incident, raw: undefined });
  expect(await listNames(blobs)).toEqual([]);
});

test('the next version takes the place of the blob, also a small one and the same one', async () => {
  const { incidents, findSeen, findRaw, blobs } = setUp();
  const raw = makeLarge();
  await incidents.save(TENANT, [makeWrite({}, { raw })]);
  const [first] = await listNames(blobs);
  await incidents.save(TENANT, [makeWrite({}, { raw, seen: await findSeen() })]);
  const [second, ...others] = await listNames(blobs);
  expect([second === first, others]).toEqual([false, []]);
  expect((await findRaw()) === raw).toBe(true);
  await incidents.save(TENANT, [makeWrite({}, { raw: '{}', seen: await findSeen() })]);
  expect([await findRaw(), await listNames(blobs)]).toEqual(['{}', []]);
});

test('killed before the blob, before the row or before the removal, nothing is lost', async () => {
  const { createOver, createDyingAtRow, incidents, findSeen, findRaw } = setUp();
  const [first, second] = [makeLarge(), makeLarge()];
  await incidents.save(TENANT, [makeWrite({}, { raw: first })]);
  const write = makeWrite({}, { raw: second, rawHash: 'r2', seen: await findSeen() });
  await expect(createOver({ put: die }).save(TENANT, [write])).rejects.toThrow('killed');
  expect((await findRaw()) === first).toBe(true);
  await expect(createDyingAtRow().save(TENANT, [write])).rejects.toThrow('Azure Storage');
  expect((await findRaw()) === first).toBe(true);
  await expect(createOver({ remove: die }).save(TENANT, [write])).rejects.toThrow('killed');
  expect((await findRaw()) === second).toBe(true);
});

test('blobs that crashes left behind are removed a day later, and no other', async () => {
  const { createOver, createDyingAtRow, incidents, findSeen, findRaw, blobs } = setUp();
  const [first, second] = [makeLarge(), makeLarge()];
  await incidents.save(TENANT, [makeWrite({}, { raw: first })]);
  const write = makeWrite({}, { raw: second, rawHash: 'r2', seen: await findSeen() });
  await expect(createDyingAtRow().save(TENANT, [write])).rejects.toThrow('Azure Storage');
  await expect(createOver({ remove: die }).save(TENANT, [write])).rejects.toThrow('killed');
  expect(await listNames(blobs)).toHaveLength(3);
  expect(await incidents.removeOrphans(Date.now())).toBe(0);
  expect(await incidents.removeOrphans(Date.now() + 2 * DAY)).toBe(2);
  expect((await findRaw()) === second).toBe(true);
});

test('an overtaken write leaves the blob that the row points to', async () => {
  const { incidents, findSeen, findRaw } = setUp();
  const [first, second] = [makeLarge(), makeLarge()];
  await incidents.save(TENANT, [makeWrite({}, { raw: '{}' })]);
  const seen = await findSeen();
  await incidents.save(TENANT, [makeWrite({}, { raw: first, seen })]);
  await incidents.save(TENANT, [makeWrite({}, { raw: second, rawHash: 'r2', seen })]);
  expect((await findRaw()) === first).toBe(true);
});

test('an incident that is replaced while it is read is read again', async () => {
  const { createOver, blobs, incidents, findSeen } = setUp();
  const second = makeLarge();
  await incidents.save(TENANT, [makeWrite({}, { raw: makeLarge() })]);
  const write = makeWrite({}, { raw: second, seen: await findSeen() });
  let reads = 0;
  const slow = createOver({
    find: async (name) => {
      if (reads++ === 0) await incidents.save(TENANT, [write]);
      return await blobs.find(name);
    },
  });
  const found = await slow.find(KEY);
  expect([reads, found !== 'unreadable' && found?.raw === second]).toEqual([2, true]);
});
