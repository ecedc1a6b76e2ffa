import { expect, test, vi } from 'vitest';
import { toTenantHash } from '../../../shared/audit/tenant-hash.ts';
import { packAtOnce, unpack } from '../../../shared/azure/tables/packed.ts';
import { createRowLog } from '../../../shared/azure/tables/row-log.ts';
import { parseReadable } from '../../../shared/azure/tables/table-store.ts';
import { createRecordedLog } from '../../support/log.ts';
import { TENANT } from '../../support/tokens.ts';

const ROW = { etag: 'etag', partitionKey: TENANT, rowKey: '7' };

test.each([
  ['incidents', `${toTenantHash(TENANT)}|7`],
  ['hunts', `${TENANT}|7`],
] as const)('a row of %s that unpacks beyond its limit is named, no tenant is', (table, key) => {
  const report = vi.fn();
  const log = createRecordedLog();
  const bomb = packAtOnce(' '.repeat(20_000_000));
  const rows = parseReadable([ROW], () => unpack(bomb), createRowLog(log, { report }, table));
  expect(rows).toEqual([]);
  expect(log.lines.map(({ event }) => event)).toEqual(['row.unreadable']);
  expect(report.mock.calls).toEqual([[{ table, key, problem: 'too_large' }]]);
});

test('a row of another version is logged, and no finding', () => {
  const report = vi.fn();
  const log = createRowLog(createRecordedLog(), { report }, 'incidents');
  expect(parseReadable([ROW], () => JSON.parse('{'), log)).toEqual([]);
  expect(report).not.toHaveBeenCalled();
});
