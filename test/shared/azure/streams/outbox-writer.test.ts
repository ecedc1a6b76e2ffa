import { expect, test } from 'vitest';
import { createIntegrityMonitor } from '../../../../shared/authority/integrity.ts';
import { createRowSeal } from '../../../../shared/azure/authority/row-seal.ts';
import { toRowKey } from '../../../../shared/azure/streams/stream-keys.ts';
import type { Row } from '../../../../shared/azure/tables/row.ts';
import { createOutboxTable } from '../../../../shared/azure/webhooks/outbox-table.ts';
import { createClock } from '../../../support/clock.ts';
import { createFixedSeal, createRingKey } from '../../../support/key-ring.ts';
import { createRecordedLog } from '../../../support/log.ts';
import { openNewTable } from '../../../support/storage.ts';

/** Somebody who may write every row of the outboxes, and holds no key. */

const ONE = 'one';
const OTHER = 'other';
const ENTRIES = [11, 12].map((feedSequence) => ({ feedSequence, recordedAt: 1000 }));

async function setUp() {
  const open = openNewTable('outbox');
  const log = createRecordedLog();
  const monitor = createIntegrityMonitor({ log, now: createClock().now });
  const { seal } = createFixedSeal(createRingKey('one'));
  const rows = createRowSeal(seal, 'webhookoutbox');
  const outbox = createOutboxTable(open, log, { table: 'webhookoutbox', rows, monitor });
  for (const id of [ONE, OTHER]) {
    await outbox.append(id, await outbox.find(id), { entries: ENTRIES, position: 12 });
  }
  const read = async (partition: string, rowKey: string): Promise<Row> =>
    await (await open()).getEntity(partition, rowKey);
  const write = async (partitionKey: string, rowKey: string, row: object) => {
    await (await open()).upsertEntity({ ...row, partitionKey, rowKey }, 'Replace');
  };
  const erase = async (partition: string, rowKey: string) => {
    await (await open()).deleteEntity(partition, rowKey);
  };
  const listFindings = () => monitor.list().map(({ key, problem }) => `${key} ${problem}`);
  const readPlaces = async (id: string) =>
    (await outbox.read(id, 0, 10)).map(({ feedSequence }) => feedSequence);
  return { outbox, read, write, erase, listFindings, readPlaces };
}

test('an entry that is changed, put in or moved is delivered to nobody', async () => {
  const { read, write, listFindings, readPlaces } = await setUp();
  const [first, second] = [await read(ONE, toRowKey(1)), await read(ONE, toRowKey(2))];
  await write(ONE, toRowKey(1), { ...first, feedSequence: '99' });
  await write(ONE, toRowKey(3), second);
  await write(OTHER, toRowKey(1), first);
  expect([await readPlaces(ONE), await readPlaces(OTHER)]).toEqual([[12], [12]]);
  expect(listFindings()).toEqual([
    `${ONE}|${toRowKey(1)} forged`,
    `${ONE}|${toRowKey(3)} forged`,
    `${OTHER}|${toRowKey(1)} forged`,
  ]);
});

test('a row in the way of the next number is removed, with an alarm', async () => {
  const { outbox, read, write, listFindings, readPlaces } = await setUp();
  await write(ONE, toRowKey(3), await read(ONE, toRowKey(1)));
  const more = { entries: ENTRIES, position: 13 };
  expect(await outbox.append(ONE, await outbox.find(ONE), more)).toBeUndefined();
  expect(await outbox.append(ONE, await outbox.find(ONE), more)).toMatchObject({ next: 5 });
  expect(listFindings()).toEqual([`${ONE}|${toRowKey(3)} forged`]);
  expect(await readPlaces(ONE)).toEqual([11, 12, 11, 12]);
});

test('a head that is changed, gone, put back or of another stops its subscription only', async () => {
  const { outbox, read, write, erase } = await setUp();
  const older = await read(ONE, 'head');
  await outbox.append(ONE, await outbox.find(ONE), { entries: ENTRIES, position: 13 });
  const newest = await read(ONE, 'head');
  const batch = { entries: ENTRIES, position: 14 };
  const attacks = [
    () => write(ONE, 'head', { ...newest, mark: '1' }),
    async () => write(ONE, 'head', await read(OTHER, 'head')),
    () => write(ONE, 'head', older),
    () => erase(ONE, 'head'),
  ];
  const refused: (string | undefined)[] = [];
  for (const attack of attacks) {
    await attack();
    const work = outbox.find(ONE).then((head) => outbox.append(ONE, head, batch));
    refused.push(await work.then(String, (error: { code: string }) => error.code));
  }
  expect(refused).toEqual(attacks.map(() => 'integrity'));
  expect(await outbox.append(OTHER, await outbox.find(OTHER), batch)).toMatchObject({ next: 5 });
});
