import { expect, test, vi } from 'vitest';
import { createGrantTable } from '../../../shared/azure/records/grant-table.ts';
import { createGrantAdministration } from '../../../shared/callers/grant-administration.ts';
import type { Grants } from '../../../shared/callers/grants.ts';
import { change } from '../../../shared/store.ts';
import { createAuthorityProcess } from '../../support/authority.ts';
import { createClock, MINUTE, SECOND } from '../../support/clock.ts';
import { openNewContainer, openNewTable } from '../../support/storage.ts';
import { CLIENT, OTHER_TENANT } from '../../support/tokens.ts';

const ROW = ['caller', CLIENT] as const;
const HEAD = { partitionKey: 'chain', rowKey: 'head' };
const RULE = { id: 'gold', effect: 'allow', tenants: ['tag:gold'], resources: ['graph'] } as const;
const GRANTS: Grants = {
  callerId: CLIENT,
  displayName: 'Playbooks',
  mode: 'enforce',
  rules: [RULE],
  clientSecret: false,
  createdAt: 1,
  updatedAt: 1,
};

/** Processes over one table of callers and one ledger, and what somebody else does to the table. */
function setUp() {
  const clock = createClock();
  const open = openNewTable('callers');
  const acts = openNewTable('acts');
  const place = { open: acts, blobs: openNewContainer('ledger'), tables: [open] };
  const createProcess = () => {
    const process = createAuthorityProcess(place, clock.now);
    return { ...process, grants: createGrantTable(open, process.log, process.guard) };
  };
  const readRow = async () => await (await open()).getEntity<Record<string, unknown>>(...ROW);
  const writeRow = async (row: object) =>
    await (await open()).upsertEntity({ ...row, partitionKey: ROW[0], rowKey: CLIENT }, 'Replace');
  const deleteRow = async () => await (await open()).deleteEntity(...ROW);
  return { clock, open, acts, createProcess, readRow, writeRow, deleteRow };
}

/** A process that has written the grants, twice. */
async function setUpWritten() {
  const environment = setUp();
  const process = environment.createProcess();
  await process.grants.insert(GRANTS);
  const older = await environment.readRow();
  const oldestHead = await (await environment.acts()).getEntity('chain', 'head');
  await put(process.grants, { mode: 'audit' });
  return { ...environment, process, older, oldestHead: { ...oldestHead, ...HEAD } };
}

function put(grants: ReturnType<typeof createGrantTable>, fields: Partial<Grants>) {
  return change(grants, CLIENT, (current) => current && { ...current, ...fields });
}

function createAdministration(grants: ReturnType<typeof createGrantTable>, now: () => number) {
  return createGrantAdministration({
    grants,
    tenants: { find: () => Promise.resolve(undefined) },
    publish: async (write) => await write(),
    now,
  });
}

const REFUSED = { code: 'integrity', details: { owner: 'partner' } };

test('a record is found as it was written, by every process', async () => {
  const { createProcess } = setUp();
  const [one, other] = [createProcess(), createProcess()];
  await one.grants.insert(GRANTS);
  expect((await one.grants.find(CLIENT))?.value).toEqual(GRANTS);
  expect((await other.grants.find(CLIENT))?.value).toEqual(GRANTS);
  expect(await other.grants.list()).toEqual([GRANTS]);
});

test.each<[string, Record<string, unknown>]>([
  ['rules', { rules: JSON.stringify([{ ...RULE, tenants: ['*'] }]) }],
  ['mode', { mode: 'enforce' }],
  ['displayName', { displayName: 'Nobody' }],
  ['clientSecret', { clientSecret: true }],
  ['createdAt', { createdAt: new Date(2) }],
  ['updatedAt', { updatedAt: new Date(2) }],
  ['rowVersion', { rowVersion: 3 }],
  ['rowDigest', { rowDigest: 'AAAAAAAAAAAAAAAAAAAAAA' }],
  ['rowLedger', { rowLedger: CLIENT }],
  ['rowSignedAt', { rowSignedAt: new Date(2) }],
  ['a column that nobody knows', { operations: 'all' }],
  ['mac', { mac: 'one.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' }],
  ['mac, which is no text', { mac: 7 }],
])('a row whose %s was changed decides nothing', async (_, columns) => {
  const { process, readRow, writeRow } = await setUpWritten();
  await writeRow({ ...(await readRow()), ...columns });
  await expect(process.grants.find(CLIENT)).rejects.toMatchObject(REFUSED);
  expect(await process.grants.list()).toEqual([]);
  expect(process.monitor.list()).toMatchObject([
    { table: 'callers', key: CLIENT, problem: 'forged' },
  ]);
});

test.each(['rules', 'clientSecret', 'rowDigest', 'mac'])(
  'a row without %s decides nothing',
  async (column) => {
    const { process, readRow, writeRow } = await setUpWritten();
    const { [column]: _, ...row } = await readRow();
    await writeRow(row);
    await expect(process.grants.find(CLIENT)).rejects.toMatchObject(REFUSED);
  },
);

test('a row that was copied under another key decides nothing', async () => {
  const { open, process, readRow } = await setUpWritten();
  const row = { ...(await readRow()), partitionKey: ROW[0], rowKey: OTHER_TENANT };
  await (await open()).createEntity(row);
  await expect(process.grants.find(OTHER_TENANT)).rejects.toMatchObject(REFUSED);
  expect(await process.grants.list()).toMatchObject([{ callerId: CLIENT }]);
});

test('an older row that was put back decides nothing, also for a process that has just begun', async () => {
  const { process, older, createProcess, writeRow } = await setUpWritten();
  await writeRow(older);
  for (const { grants, monitor } of [process, createProcess()]) {
    await expect(grants.find(CLIENT)).rejects.toMatchObject(REFUSED);
    expect(await grants.list()).toEqual([]);
    expect(monitor.list()).toMatchObject([{ problem: 'older' }]);
  }
});

test('a row that is gone without an event is no absence', async () => {
  const { process, createProcess, deleteRow } = await setUpWritten();
  await deleteRow();
  for (const { grants, monitor } of [process, createProcess()]) {
    await expect(grants.find(CLIENT)).rejects.toMatchObject(REFUSED);
    expect(monitor.list()).toMatchObject([{ problem: 'missing' }]);
  }
});

test('a removed record stays removed, whichever of its rows is put back', async () => {
  const { process, older, createProcess, readRow, writeRow } = await setUpWritten();
  const newest = await readRow();
  await process.grants.remove(CLIENT);
  expect(await process.grants.find(CLIENT)).toBeUndefined();
  await expect(readRow()).rejects.toMatchObject({ statusCode: 404 });
  for (const row of [older, newest]) {
    await writeRow(row);
    await expect(createProcess().grants.find(CLIENT)).rejects.toMatchObject(REFUSED);
  }
});

test('a record that was removed can be made again, with a version of its own', async () => {
  const { process, createProcess, readRow } = await setUpWritten();
  await process.grants.remove(CLIENT);
  await createProcess().grants.insert(GRANTS);
  expect((await process.grants.find(CLIENT))?.value).toEqual(GRANTS);
  expect(await readRow()).toMatchObject({ rowVersion: 4 });
});

test('an operator can remove a row that nobody can believe', async () => {
  const { process, readRow, writeRow } = await setUpWritten();
  await writeRow({ ...(await readRow()), mode: 'enforce' });
  await process.grants.remove(CLIENT);
  expect(await process.grants.find(CLIENT)).toBeUndefined();
  expect(process.monitor.list()).toEqual([]);
});

test('an operator removes a caller whose row nobody believes: it is left blocked and without grants', async () => {
  const { clock, process, readRow, writeRow } = await setUpWritten();
  const { grants } = process;
  const administration = createAdministration(grants, clock.now);
  await writeRow({ ...(await readRow()), mode: 'enforce' });
  await administration.remove(CLIENT);
  expect((await grants.find(CLIENT))?.value).toMatchObject({ blocked: true, rules: [] });
  await administration.remove(CLIENT);
  expect((await grants.find(CLIENT))?.value.blocked).toBe(true);
});

test('an operator accepts what was looked at, and nothing that came after it', async () => {
  const { process, readRow, writeRow } = await setUpWritten();
  const row = await readRow();
  const readDigest = async () => {
    await process.grants.find(CLIENT).catch(() => undefined);
    return process.monitor.list()[0]?.digest;
  };
  await writeRow({ ...row, displayName: 'harmless' });
  const digest = await readDigest();
  const accept = (seen: string | undefined) =>
    process.grants.accept((_, found) => found !== undefined && found === seen);
  await writeRow({ ...row, displayName: 'harmful' });
  expect(await accept(digest)).toEqual({ accepted: [], unreadable: [] });
  await expect(process.grants.find(CLIENT)).rejects.toMatchObject(REFUSED);
  expect((await accept(await readDigest())).accepted).toHaveLength(1);
  expect((await process.grants.find(CLIENT))?.value.displayName).toBe('harmful');
});

test('a block that is set while an operator removes the caller stays', async () => {
  const { clock, process } = await setUpWritten();
  const administration = createAdministration(process.grants, clock.now);
  // Behind the look at the row, before the write that removes it.
  const sign = process.guard.seal.authenticate;
  vi.spyOn(process.guard.seal, 'authenticate').mockImplementationOnce(async (...content) => {
    await put(process.grants, { blocked: true });
    return await sign(...content);
  });
  await administration.remove(CLIENT);
  expect((await process.grants.find(CLIENT))?.value).toMatchObject({ blocked: true, rules: [] });
});

test('what decides nothing costs no event; what decides something costs one', async () => {
  const { process } = await setUpWritten();
  const count = async () =>
    (await process.events.list({ order: 'asc', limit: 100 })).records.length;
  const before = await count();
  await put(process.grants, { updatedAt: 5 });
  expect(await count()).toBe(before);
  await put(process.grants, { rules: [] });
  expect(await count()).toBe(before + 1);
});

test('the event of a change says what was before and after, and names the row', async () => {
  const { process } = await setUpWritten();
  const { records } = await process.events.list({ order: 'desc', limit: 1 });
  expect(records).toMatchObject([
    {
      act: 'grants.change',
      actor: 'broker',
      subject: CLIENT,
      changes: [{ field: 'callers.mode', before: 'enforce', after: 'audit' }],
      rows: [{ table: 'callers', key: CLIENT, version: 2 }],
    },
  ]);
});

test('a writer that dies before the event leaves a row that works; its event is recorded late', async () => {
  const { clock, createProcess, process } = await setUpWritten();
  vi.spyOn(process.guard.authority, 'note').mockRejectedValueOnce(new Error('killed'));
  await expect(put(process.grants, { mode: 'enforce' })).rejects.toThrow('killed');
  const other = createProcess();
  expect((await other.grants.find(CLIENT))?.value.mode).toBe('enforce');
  expect(other.index.find({ table: 'callers', key: CLIENT })?.version).toBe(2);
  clock.pass(2 * MINUTE);
  await other.grants.find(CLIENT);
  expect(other.index.find({ table: 'callers', key: CLIENT })?.version).toBe(3);
  const { records } = await other.events.list({ order: 'desc', limit: 1 });
  expect(records).toMatchObject([{ detail: 'recorded late', rows: [{ version: 3 }] }]);
});

test('a writer that dies while it removes a record has removed it', async () => {
  const { clock, createProcess, process, readRow } = await setUpWritten();
  vi.spyOn(process.guard.authority, 'note').mockRejectedValueOnce(new Error('killed'));
  await expect(process.grants.remove(CLIENT)).rejects.toThrow('killed');
  expect(await createProcess().grants.find(CLIENT)).toBeUndefined();
  expect(await createProcess().grants.list()).toEqual([]);
  expect(await readRow()).not.toHaveProperty('rules');
  clock.pass(2 * MINUTE);
  const other = createProcess();
  await other.grants.find(CLIENT);
  expect(other.index.find({ table: 'callers', key: CLIENT })).toMatchObject({
    version: 3,
    digest: undefined,
  });
});

test('a change of another process is known within five seconds, and what it replaced is refused', async () => {
  const { clock, process, createProcess, readRow, writeRow } = await setUpWritten();
  const other = createProcess();
  await other.grants.find(CLIENT);
  const replaced = await readRow();
  await put(process.grants, { mode: 'enforce' });
  await writeRow(replaced);
  clock.pass(5 * SECOND);
  await expect(other.grants.find(CLIENT)).rejects.toMatchObject(REFUSED);
});

test('of two processes that change a record at once both changes are versions, one after the other', async () => {
  const { process, createProcess, readRow } = await setUpWritten();
  const processes = [process, createProcess(), createProcess()];
  await Promise.all(
    processes.map(({ grants }, index) => put(grants, { displayName: `name ${index}` })),
  );
  expect(await readRow()).toMatchObject({ rowVersion: 5 });
  expect((await createProcess().grants.find(CLIENT))?.value.displayName).toMatch(/^name \d$/);
  expect((await process.events.verify()).problem).toBeUndefined();
});

test('rows of before there was a ledger decide nothing, and none begins beside them', async () => {
  const { createProcess, writeRow } = setUp();
  await writeRow({ mode: 'enforce', rules: '[]', createdAt: new Date(1), updatedAt: new Date(1) });
  const { grants, monitor } = createProcess();
  await expect(grants.find(CLIENT)).rejects.toMatchObject(REFUSED);
  await expect(grants.insert({ ...GRANTS, callerId: OTHER_TENANT })).rejects.toMatchObject(REFUSED);
  expect(monitor.list()).toMatchObject([{ table: 'acts', key: 'head', problem: 'missing' }]);
});

test.each<
  [string, string, (environment: Awaited<ReturnType<typeof setUpWritten>>) => Promise<unknown>]
>([
  [
    'its ledger is gone and other rows are there',
    'missing',
    async ({ acts, process }) => {
      await process.grants.insert({ ...GRANTS, callerId: OTHER_TENANT });
      await (await acts()).deleteEntity('chain', 'head');
    },
  ],
  [
    'an older head is there with no trace of its event but the event',
    'cut',
    async ({ acts, oldestHead }) => await (await acts()).upsertEntity(oldestHead, 'Replace'),
  ],
])('a process that begins believes no absence when %s', async (_, problem, attack) => {
  const environment = await setUpWritten();
  await attack(environment);
  await environment.deleteRow();
  const { grants, monitor, events } = environment.createProcess();
  await expect(grants.find(CLIENT)).rejects.toMatchObject(REFUSED);
  expect(await grants.list().catch(({ code }) => code)).toBe('integrity');
  expect(monitor.list()).toMatchObject([{ table: 'acts', key: 'head', problem }]);
  expect((await events.verify()).problem).toBeDefined();
});

test('a process that begins believes no row whose newest event lies behind the head', async () => {
  const { acts, createProcess, older, oldestHead, writeRow } = await setUpWritten();
  await (await acts()).upsertEntity(oldestHead, 'Replace');
  await writeRow(older);
  const { grants, monitor } = createProcess();
  await expect(grants.find(CLIENT)).rejects.toMatchObject(REFUSED);
  expect(monitor.list()).toMatchObject([{ table: 'acts', key: 'head', problem: 'cut' }]);
});

test('what a process wrote while nothing could be recorded is not undone by who puts the row back', async () => {
  const { acts, clock, process, createProcess, oldestHead, readRow, writeRow } =
    await setUpWritten();
  const replaced = await readRow();
  const other = createProcess();
  await process.grants.find(CLIENT);
  await other.grants.find(CLIENT);
  const newest = await (await acts()).getEntity('chain', 'head');
  await (await acts()).upsertEntity({ ...oldestHead, mac: 'x' }, 'Replace');
  clock.pass(MINUTE);
  await put(process.grants, { blocked: true }).catch(() => undefined);
  expect((await readRow()).blocked).toBe(true);
  await other.grants.find(CLIENT);
  await (await acts()).upsertEntity({ ...newest, ...HEAD }, 'Replace');
  await writeRow(replaced);
  await expect(process.grants.find(CLIENT)).rejects.toMatchObject(REFUSED);
  await expect(other.grants.find(CLIENT)).rejects.toMatchObject(REFUSED);
});
