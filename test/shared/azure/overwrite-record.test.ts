import { expect, test } from 'vitest';
import { createGrantTable } from '../../../shared/azure/records/grant-table.ts';
import type { OpenTable } from '../../../shared/azure/tables/table-store.ts';
import type { Grants } from '../../../shared/callers/grants.ts';
import { createAuthorityProcess } from '../../support/authority.ts';
import { createClock } from '../../support/clock.ts';
import { openNewContainer, openNewTable } from '../../support/storage.ts';

const CLOCK = createClock();
const CALLER = '11111111-1111-4111-8111-111111111111';
const GRANTS: Grants = {
  ...{ callerId: CALLER, displayName: undefined, mode: 'enforce', rules: [], blocked: false },
  ...{ createdAt: CLOCK.now(), updatedAt: CLOCK.now() },
};

/** A table that notes what is written into it. */
function watchWrites(open: OpenTable, writes: string[]): OpenTable {
  return async () => {
    const client = await open();
    return new Proxy(client, {
      get: (target, name) => {
        const member = Reflect.get(target, name);
        if (typeof member !== 'function') return member;
        return (...given: unknown[]) => {
          if (/^(create|update|upsert|delete)Entity$/.test(String(name))) writes.push(String(name));
          return member.apply(target, given);
        };
      },
    });
  };
}

test('a record takes the place of a row that nobody believes, in one write and one event', async () => {
  const open = openNewTable('callers');
  const writes: string[] = [];
  const place = { open: openNewTable('acts'), blobs: openNewContainer('ledger'), tables: [open] };
  const { log, guard, events } = createAuthorityProcess(place, CLOCK.now);
  const grants = createGrantTable(watchWrites(open, writes), log, guard);
  await grants.insert(GRANTS);
  const [partitionKey, rowKey] = ['caller', CALLER];
  await (await open()).updateEntity({ partitionKey, rowKey, blocked: true }, 'Merge');
  await expect(grants.find(CALLER)).rejects.toMatchObject({ code: 'integrity' });
  writes.length = 0;
  await grants.overwrite({ ...GRANTS, blocked: true });
  expect(writes).toEqual(['updateEntity']);
  expect((await grants.find(CALLER))?.value.blocked).toBe(true);
  const { records } = await events.list({ order: 'desc', limit: 1 });
  expect(records[0]?.rows).toMatchObject([{ key: CALLER, version: 2 }]);
});
