import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import type { Row } from '../../../shared/azure/tables/row.ts';
import { change } from '../../../shared/store.ts';
import { createAuthorityProcess } from '../../support/authority.ts';
import {
  type AuthorityTableCase,
  ONE,
  OTHER,
  TABLES,
  THIRD,
  type Values,
} from '../../support/authority-tables.ts';
import { createClock } from '../../support/clock.ts';
import { allowReservedNames } from '../../support/raw-rows.ts';
import { openNewContainer, openNewTable } from '../../support/storage.ts';

/** Somebody who may write every row of the storage account, and holds no key. */

const CLOCK = createClock();

type StoredRow = Readonly<Record<string, unknown>>;

/**
 * A broker that has written two records, one of them twice, and what somebody else can do to their
 * rows.
 */
async function setUp(table: AuthorityTableCase) {
  const open = openNewTable(table.name);
  await allowReservedNames(open);
  const place = { open: openNewTable('acts'), blobs: openNewContainer('ledger'), tables: [open] };
  const start = () => {
    const process = createAuthorityProcess(place, CLOCK.now);
    return { ...process, store: table.create(open, process) };
  };
  const process = start();
  const idOf = (key: string) => ({
    partitionKey: table.partitionOf(key),
    rowKey: table.rowKeyOf(key),
  });
  const read = async (key: string): Promise<StoredRow> => {
    const { partitionKey, rowKey } = idOf(key);
    const row = await (await open()).getEntity<Record<string, unknown>>(partitionKey, rowKey);
    return Object.fromEntries(Object.entries(row).filter(([name]) => !isOfService(name)));
  };
  const write = async (key: string, row: StoredRow) => {
    await (await open()).upsertEntity({ ...row, ...idOf(key) } as Row, 'Replace');
  };
  const erase = async (key: string) => {
    const { partitionKey, rowKey } = idOf(key);
    await (await open()).deleteEntity(partitionKey, rowKey);
  };
  await process.store.insert(table.make(ONE));
  await process.store.insert(table.make(OTHER));
  const older = await read(ONE);
  await change(process.store, ONE, (current) => current && { ...current, ...table.changed });
  return { start, process, read, write, erase, older, newest: await read(ONE) };
}

/** To the SDK these columns were the keys of the row. */
function toDisguised({ partitionKey, rowKey, ...row }: StoredRow): StoredRow {
  return { ...row, raw_partitionKey: partitionKey, raw_rowKey: rowKey };
}

function isOfService(name: string): boolean {
  return name.startsWith('odata.') || ['etag', 'timestamp'].includes(name);
}

/** The code of the refusal; `undefined`: the record was found, or nothing was. */
async function ask({ store }: { store: Values }, key: string): Promise<string | undefined> {
  return await store.find(key).then(
    () => undefined,
    (error: { code?: string }) => error.code ?? 'unknown',
  );
}

test.each(TABLES)('what passes in a record of $title is no audit event', async (table) => {
  const { process, read, newest } = await setUp(table);
  const count = () => process.log.lines.filter(({ event }) => event === 'audit.recorded').length;
  const before = count();
  await change(process.store, ONE, (current) => current && { ...current, ...table.passing });
  expect(await read(ONE)).not.toEqual(newest);
  expect([before > 0, count() - before]).toEqual([true, 0]);
  expect(await ask(process, ONE)).toBeUndefined();
});

test.each(TABLES)(
  'rows of $title that change places, are copied, put back or gone are refused, the others go on',
  async (table) => {
    const { start, process, read, write, erase, older, newest } = await setUp(table);
    const other = await read(OTHER);
    const attacks: Readonly<Record<string, () => Promise<void>>> = {
      'another row': () => write(ONE, other),
      'a copy under a new key': async () => {
        await write(ONE, newest);
        await write(THIRD, newest);
      },
      'a copy that says that it is the other one': async () => {
        await write(THIRD, toDisguised(newest));
      },
      'an older state': () => write(ONE, older),
      'a row that is gone': () => erase(ONE),
    };
    const refused: Record<string, readonly (string | undefined)[]> = {};
    for (const [name, attack] of Object.entries(attacks)) {
      await attack();
      const key = name.startsWith('a copy') ? THIRD : ONE;
      refused[name] = [
        ...[await ask(process, key), await ask(start(), key)],
        await ask(process, OTHER),
      ];
    }
    const expected = Object.keys(attacks).map((name) => [
      name,
      ['integrity', 'integrity', undefined],
    ]);
    expect(refused).toEqual(Object.fromEntries(expected));
  },
);

test.each(TABLES)(
  'what somebody did to $title is named by its key, and in no list',
  async (table) => {
    const { process, write, newest } = await setUp(table);
    await write(ONE, { ...newest, planted: true });
    await write(randomUUID(), newest);
    await ask(process, ONE);
    const alarms = process.log.lines.filter(({ event }) => event === 'integrity.violated');
    expect(alarms).toMatchObject([
      { level: 'error', fields: { table: table.name, problem: 'forged' } },
    ]);
    expect(process.monitor.list()).toMatchObject([{ table: table.name, problem: 'forged' }]);
  },
);
