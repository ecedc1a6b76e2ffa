import { expect, test } from 'vitest';
import { renameReserved } from '../../../shared/azure/requests/reserved-names.ts';
import { allowReservedNames } from '../../support/raw-rows.ts';
import { openNewTable } from '../../support/storage.ts';

test('a column passes for no key and no version of its row', async () => {
  const open = openNewTable('reserved');
  await allowReservedNames(open);
  const client = await open();
  const spoofed = { raw_partitionKey: 'x', raw_rowKey: 'x', raw_etag: 'x', raw_timestamp: 'x' };
  await client.createEntity({ partitionKey: 'p', rowKey: 'r', ...spoofed });
  const rows = [await client.getEntity('p', 'r')];
  for await (const row of client.listEntities()) rows.push(row);
  expect(rows).toHaveLength(2);
  for (const row of rows) {
    expect(row).toMatchObject({ partitionKey: 'p', rowKey: 'r', reserved_rowKey: 'x' });
    expect(row.etag).toContain('W/');
    expect(row.timestamp).toContain('T');
  }
});

test('what a value says is left as it is', () => {
  const value = '{"rowKey":"a","etag":1} "timestamp":';
  const json = JSON.stringify({
    PartitionKey: 'p',
    content: value,
    rowKey: value,
    etags: 'rowKey',
  });
  expect(JSON.parse(renameReserved(json))).toEqual({
    PartitionKey: 'p',
    content: value,
    reserved_rowKey: value,
    etags: 'rowKey',
  });
});
