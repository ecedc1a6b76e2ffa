import { expect, test } from 'vitest';
import { createIntegrityMonitor } from '../../../../shared/authority/integrity.ts';
import { createRowSeal } from '../../../../shared/azure/authority/row-seal.ts';
import { createChangeFeedTable, FEED } from '../../../../shared/azure/feed/change-feed-table.ts';
import { createStreamInspectable } from '../../../../shared/azure/streams/inspection/inspect-streams.ts';
import { toRowKey } from '../../../../shared/azure/streams/stream-keys.ts';
import type { Row } from '../../../../shared/azure/tables/row.ts';
import type { OpenTable } from '../../../../shared/azure/tables/table-store.ts';
import { createClock, HOUR } from '../../../support/clock.ts';
import { makeIncident } from '../../../support/incidents.ts';
import { createFixedSeal, createRingKey } from '../../../support/key-ring.ts';
import { createRecordedLog } from '../../../support/log.ts';
import { openNewTable } from '../../../support/storage.ts';
import { OTHER_TENANT, TENANT } from '../../../support/tokens.ts';

/** Somebody who may write every row of the feed, and holds no key. */

type StoredRow = Readonly<Record<string, unknown>>;

const HEAD = 'head';

function startProcess(open: OpenTable, keys = [createRingKey('one')] as const) {
  const { now } = createClock();
  const log = createRecordedLog();
  const monitor = createIntegrityMonitor({ log, now });
  const { seal } = createFixedSeal(...(keys as [ReturnType<typeof createRingKey>]));
  const guard = {
    table: 'incidentchanges',
    rows: createRowSeal(seal, 'incidentchanges'),
    monitor,
  } as const;
  const feed = createChangeFeedTable(open, log, guard);
  const inspectable = createStreamInspectable({ open, guard, checkHead: feed.bounds, now });
  const listFindings = () => monitor.list().map(({ key, problem }) => `${key} ${problem}`);
  const listAlarms = () => log.lines.filter(({ event }) => event === 'integrity.violated').length;
  return { feed, inspectable, monitor, listFindings, listAlarms };
}

function makeChanges(ids: readonly string[], tenantId = TENANT) {
  return ids.map((incidentId) => ({
    kind: 'updated' as const,
    incident: makeIncident({ incidentId, tenantId }),
    recordedAt: 1000,
  }));
}

/** A feed of three changes of one customer and one of another. */
async function setUp() {
  const open = openNewTable('feed');
  const process = startProcess(open);
  await process.feed.append([...makeChanges(['1', '2', '3']), ...makeChanges(['9'], OTHER_TENANT)]);
  const read = async (key: number | string): Promise<StoredRow> => {
    const row = await (await open()).getEntity<Record<string, unknown>>(FEED, toKey(key));
    const own = Object.entries(row).filter(([name]) => !name.startsWith('odata.'));
    return Object.fromEntries(own.filter(([name]) => !['etag', 'timestamp'].includes(name)));
  };
  const write = async (key: number | string, row: StoredRow) => {
    const keys = { partitionKey: FEED, rowKey: toKey(key) };
    await (await open()).upsertEntity({ ...row, ...keys } as Row, 'Replace');
  };
  const erase = async (key: number | string) => {
    await (await open()).deleteEntity(FEED, toKey(key));
  };
  return { open, ...process, start: () => startProcess(open), read, write, erase };
}

function toKey(key: number | string): string {
  return typeof key === 'number' ? toRowKey(key) : key;
}

async function readIds({ feed }: Pick<ReturnType<typeof startProcess>, 'feed'>, after = 0) {
  const { changes, unreadable, position } = await feed.read(after, 100);
  const refused = unreadable.map(({ sequence }) => sequence);
  return { ids: changes.map(({ incident }) => incident.incidentId), refused, position };
}

/** The code of the refusal; `undefined`: it was done. */
async function refusalOf(work: Promise<unknown>): Promise<string | undefined> {
  return await work.then(
    () => undefined,
    (error: { code?: string }) => error.code ?? 'unknown',
  );
}

test('every column of a change that is rewritten or taken away is noticed, the others go on', async () => {
  const process = await setUp();
  const row = await process.read(2);
  const columns = Object.keys(row).filter((name) => !['partitionKey', 'rowKey'].includes(name));
  const believed: string[] = [];
  for (const column of columns) {
    const { [column]: value, ...rest } = row;
    await process.write(2, { ...rest, [column]: toOther(value) });
    const changed = await readIds(process);
    await process.write(2, rest);
    const without = await readIds(process);
    for (const seen of [changed, without]) if (seen.refused.join() !== '2') believed.push(column);
  }
  expect(columns.toSorted()).toEqual(['incident', 'kind', 'mac', 'recordedAt', 'tenantId']);
  expect(believed).toEqual([]);
  expect(process.listFindings()).toEqual(['feed|0000000000000002 forged']);
  await process.write(2, row);
  expect(await readIds(process)).toEqual({ ids: ['1', '2', '3', '9'], refused: [], position: 4 });
  expect(process.listFindings()).toEqual([]);
});

function toOther(value: unknown): unknown {
  return value instanceof Date ? new Date(value.getTime() + 1) : `${value} `;
}

test('a change that is put in, repeated, moved or exchanged is answered to nobody', async () => {
  const process = await setUp();
  await process.feed.removeTenant(OTHER_TENANT);
  const [first, second] = [await process.read(1), await process.read(2)];
  const { mac: _, ...plain } = first;
  await process.write(4, { ...plain, tenantId: OTHER_TENANT });
  await process.write(1, second);
  await process.write(2, first);
  expect(await readIds(process)).toEqual({ ids: ['3'], refused: [1, 2, 4], position: 4 });
  expect(process.listFindings()).toEqual([
    'feed|0000000000000001 forged',
    'feed|0000000000000002 forged',
    'feed|0000000000000004 forged',
  ]);
});

test('what is put behind the end moves no reader past it, and is out of the way of the next', async () => {
  const process = await setUp();
  const row = await process.read(1);
  for (const key of [5, 6, Number.MAX_SAFE_INTEGER, '0000000000000004x']) {
    await process.write(key, row);
  }
  expect(await readIds(process)).toEqual({ ids: ['1', '2', '3', '9'], refused: [], position: 4 });
  await process.feed.append(makeChanges(['5', '6']));
  expect(await readIds(process, 4)).toEqual({ ids: ['5', '6'], refused: [], position: 6 });
  expect(process.listAlarms()).toBe(4);
});

test('a head that is changed, gone or put back stops the feed, in each process', async () => {
  const process = await setUp();
  const older = await process.read(HEAD);
  await process.feed.append(makeChanges(['5']));
  const newest = await process.read(HEAD);
  const attacks: Readonly<Record<string, () => Promise<void>>> = {
    rewritten: () => process.write(HEAD, { ...newest, next: '1000' }),
    'trimmed by somebody': () => process.write(HEAD, { ...newest, first: '5' }),
    'without a MAC': () => process.write(HEAD, { ...newest, mac: undefined }),
    'an entry': async () => process.write(HEAD, await process.read(1)),
    gone: () => process.erase(HEAD),
    'put back': () => process.write(HEAD, older),
  };
  const seen: Record<string, readonly unknown[]> = {};
  for (const [name, attack] of Object.entries(attacks)) {
    await attack();
    const cold = process.start();
    seen[name] = [
      await refusalOf(process.feed.bounds()),
      await refusalOf(process.feed.append(makeChanges(['6']))),
      await refusalOf(cold.feed.bounds()),
      await refusalOf(cold.feed.append(makeChanges(['6']))),
    ];
  }
  const refused = Object.keys(attacks).map((name) => [name, Array(4).fill('integrity')]);
  expect(seen).toEqual(Object.fromEntries(refused));
  expect(process.listFindings()).toEqual(['feed|head older']);
  await process.write(HEAD, newest);
  expect(await process.feed.bounds()).toEqual({ first: 0, last: 5 });
  expect(process.listFindings()).toEqual([]);
});

test('a process that runs notices a head that was put back although the changes behind it are gone', async () => {
  const process = await setUp();
  const older = await process.read(HEAD);
  await process.feed.append(makeChanges(['5']));
  await process.write(HEAD, older);
  await process.erase(5);
  expect(await refusalOf(process.feed.append(makeChanges(['6'])))).toBe('integrity');
  await process.inspectable.inspect();
  expect(process.listFindings()).toEqual(['feed|head older']);
  const { accepted } = await process.inspectable.accept(() => true);
  expect(accepted).toEqual([{ table: 'incidentchanges', key: 'feed|head' }]);
  await process.feed.append(makeChanges(['6']));
  expect(await process.start().feed.bounds()).toEqual({ first: 0, last: 5 });
});

test('the look at everything names what is wrong, and no longer what was taken away', async () => {
  const process = await setUp();
  await process.write(2, { ...(await process.read(2)), kind: 'created' });
  await process.write(7, await process.read(3));
  const { inspectable, listFindings } = process.start();
  expect(await inspectable.inspect()).toBe(6);
  expect(listFindings()).toEqual(['feed|0000000000000002 forged', 'feed|0000000000000007 forged']);
  const isSecond = ({ key }: { key: string }) => key.includes('2');
  const removed = await inspectable.discard?.(isSecond);
  expect(removed?.accepted).toEqual([{ table: 'incidentchanges', key: 'feed|0000000000000002' }]);
  await process.erase(7);
  await inspectable.inspect();
  expect(listFindings()).toEqual([]);
  expect((await readIds(process)).ids).toEqual(['1', '3', '9']);
});

test('a feed of before it was authenticated is refused until an operator accepts it', async () => {
  const open = openNewTable('feed');
  await createChangeFeedTable(open, createRecordedLog()).append(makeChanges(['1', '2']));
  const { feed, inspectable, listFindings } = startProcess(open);
  expect(await refusalOf(feed.bounds())).toBe('integrity');
  expect(await refusalOf(feed.append(makeChanges(['3'])))).toBe('integrity');
  await inspectable.accept(() => true);
  await feed.append(makeChanges(['3']));
  expect(await readIds({ feed })).toEqual({ ids: ['1', '2', '3'], refused: [], position: 3 });
  expect(listFindings()).toEqual([]);
});

test('the look at everything signs anew before a key leaves the ring', async () => {
  const { open } = await setUp();
  const [old, fresh] = [createRingKey('one'), createRingKey('two', 8)];
  const both = startProcess(open, [fresh, old] as never);
  await both.inspectable.inspect();
  const after = startProcess(open, [fresh] as never);
  expect((await readIds(after)).ids).toEqual(['1', '2', '3', '9']);
  expect(await after.feed.bounds()).toEqual({ first: 0, last: 4 });
});

test('nobody keeps old changes, or has young ones removed, by what a planted row says', async () => {
  const process = await setUp();
  const row = await process.read(1);
  const longAgo = new Date(0);
  const { feed, write } = process;
  await write(1, { ...row, recordedAt: new Date(Date.now() + 1000 * HOUR) });
  await write(Number.MAX_SAFE_INTEGER, { ...row, recordedAt: longAgo });
  expect(await feed.removeBefore(500, 100)).toBe(0);
  expect(await feed.removeBefore(Date.now() + HOUR, 100)).toBe(5);
  expect(await feed.bounds()).toEqual({ first: 4, last: 4 });
});
