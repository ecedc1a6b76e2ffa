import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createGrantTable } from '../../../shared/azure/records/grant-table.ts';
import { createInvitationTable } from '../../../shared/azure/records/invitation-table.ts';
import { createTenantTable } from '../../../shared/azure/records/tenant-table.ts';
import type { Row } from '../../../shared/azure/tables/row.ts';
import type { OpenTable } from '../../../shared/azure/tables/table-store.ts';
import { createSubscriptionTable } from '../../../shared/azure/webhooks/subscription-table.ts';
import { change, type Store } from '../../../shared/store.ts';
import { createTenant } from '../../../shared/tenants/tenant.ts';
import { createAuthorityProcess } from '../../support/authority.ts';
import { createClock, HOUR } from '../../support/clock.ts';
import { allowReservedNames } from '../../support/raw-rows.ts';
import { runs } from '../../support/runs.ts';
import { openNewContainer, openNewTable } from '../../support/storage.ts';

/** Somebody who may write every row of the storage account, and holds no key. */

const ONE = '11111111-1111-4111-8111-111111111111';
const OTHER = '22222222-2222-4222-8222-222222222222';
const THIRD = '33333333-3333-4333-8333-333333333333';

const CLOCK = createClock();
const NOW = CLOCK.now();

type Process = ReturnType<typeof createAuthorityProcess>;
type Values = Store<string, Record<string, unknown>>;
type StoredRow = Readonly<Record<string, unknown>>;

/** A table whose rows decide something, with a record and how an operator changes it. */
interface Table {
  readonly name: string;
  readonly partitionOf: (key: string) => string;
  readonly rowKeyOf: (key: string) => string;
  readonly create: (open: OpenTable, process: Process) => Values;
  readonly make: (key: string) => Record<string, unknown>;
  readonly changed: Record<string, unknown>;
  /** What changes all the time and decides nothing. */
  readonly passing: Record<string, unknown>;
}

const TABLES: readonly Table[] = [
  {
    name: 'callers',
    partitionOf: () => 'caller',
    rowKeyOf: (key) => key,
    create: (open, { log, guard }) => createGrantTable(open, log, guard) as unknown as Values,
    make: (callerId) => ({
      ...{
        callerId,
        displayName: 'Playbooks',
        mode: 'enforce',
        clientSecret: true,
        blocked: false,
      },
      rules: [{ id: 'gold', effect: 'allow', tenants: ['tag:gold'], resources: ['graph'] }],
      ...{ createdAt: NOW, updatedAt: NOW },
    }),
    changed: { rules: [] },
    passing: { updatedAt: NOW + 1 },
  },
  {
    name: 'tenants',
    partitionOf: () => 'tenant',
    rowKeyOf: (key) => key,
    create: (open, { log, guard }) => createTenantTable(open, log, guard) as unknown as Values,
    make: (tenantId) => ({
      ...createTenant(tenantId, NOW),
      ...{ status: 'active', displayName: 'Contoso', tags: ['gold'], consentedAt: NOW },
    }),
    changed: { status: 'disabled' },
    passing: {
      proofs: { graph: { granted: [], missing: [], checkedAt: NOW } },
      sparedUntil: NOW + HOUR,
      updatedAt: NOW + 1,
    },
  },
  {
    name: 'invitations',
    partitionOf: (key) => key,
    rowKeyOf: () => 'invitation',
    create: (open, { log, guard }) => createInvitationTable(open, log, guard) as unknown as Values,
    make: (idHash) => ({
      ...{ idHash, tenantId: THIRD, domain: 'contoso.example', displayName: 'Contoso' },
      ...{ flow: 'adminconsent', note: 'a note', createdBy: THIRD, claims: [], readmits: 'one' },
      ...{
        createdAt: NOW,
        expiresAt: NOW + 24 * HOUR,
        openedAt: NOW,
        signedInAt: NOW,
        acceptedAt: NOW,
      },
    }),
    changed: { usedBy: THIRD },
    passing: { openedAt: NOW + 1, signedInAt: NOW + 1, acceptedAt: NOW + 1 },
  },
  {
    name: 'webhooks',
    partitionOf: () => 'webhook',
    rowKeyOf: (key) => key,
    create: (open, { log, guard }) =>
      createSubscriptionTable(open, log, guard) as unknown as Values,
    make: (id) => ({
      ...{ id, callerId: 'caller', status: 'active', sealed: 'a.b.c' },
      filter: { tenants: ['tag:gold'], severities: undefined, kinds: undefined },
      ...{
        position: 7,
        numbered: 3,
        delivered: 2,
        createdAt: NOW,
        updatedAt: NOW,
        expiresAt: NOW + HOUR,
      },
    }),
    changed: { sealed: 'd.e.f' },
    passing: {
      ...{ position: 8, numbered: 4, delivered: 3, leaseUntil: NOW + HOUR, updatedAt: NOW + 1 },
      retryState: { problem: 'unreachable', count: 1, since: NOW, retryAt: NOW + HOUR },
    },
  },
];

/**
 * A broker that has written two records, one of them twice, and what somebody else can do to their
 * rows.
 */
async function setUp(table: Table) {
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

/** Another value of the same type. */
function toOther(value: unknown): unknown {
  if (value instanceof Date) return new Date(value.getTime() + 1);
  if (typeof value === 'boolean') return !value;
  if (typeof value === 'number') return value + 1;
  return `${value} `;
}

const KEYS = ['partitionKey', 'rowKey'];

test.each(TABLES)(
  'every column of $name that is changed or taken away is noticed',
  async (table) => {
    const { process, write, newest } = await setUp(table);
    const believed: string[] = [];
    const columns = Object.keys(newest).filter((name) => !KEYS.includes(name));
    for (const column of columns) {
      const { [column]: value, ...rest } = newest;
      await write(ONE, { ...rest, [column]: toOther(value) });
      if ((await ask(process, ONE)) !== 'integrity') believed.push(`${column} changed`);
      await write(ONE, rest);
      if ((await ask(process, ONE)) !== 'integrity') believed.push(`${column} taken away`);
    }
    expect(columns.length).toBeGreaterThan(8);
    expect(believed).toEqual([]);
    await write(ONE, newest);
    expect([await ask(process, ONE), await ask(process, OTHER)]).toEqual([undefined, undefined]);
  },
);

test.each(TABLES)('what passes in a record of $name is no audit event', async (table) => {
  const { process, read, newest } = await setUp(table);
  const count = () => process.log.lines.filter(({ event }) => event === 'audit.recorded').length;
  const before = count();
  await change(process.store, ONE, (current) => current && { ...current, ...table.passing });
  expect(await read(ONE)).not.toEqual(newest);
  expect([before > 0, count() - before]).toEqual([true, 0]);
  expect(await ask(process, ONE)).toBeUndefined();
});

test.each(TABLES)('columns of two rows of $name in any mixture are noticed', async (table) => {
  const { process, read, write, newest } = await setUp(table);
  const other = await read(OTHER);
  const names = Object.keys({ ...newest, ...other }).filter((name) => !KEYS.includes(name));
  const differs = names.filter((name) => String(newest[name]) !== String(other[name]));
  const mixture = fc.subarray(differs, { minLength: 1 });
  await fc.assert(
    fc.asyncProperty(mixture, async (taken) => {
      const columns = taken.map((name) => [name, other[name]]);
      await write(ONE, { ...newest, ...Object.fromEntries(columns) });
      expect(await ask(process, ONE)).toBe('integrity');
    }),
    { numRuns: runs(10) },
  );
  expect(await ask(process, OTHER)).toBeUndefined();
});

test.each(TABLES)(
  'rows of $name that change places, are copied, put back or gone are refused, the others go on',
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
  'what somebody did to $name is named by its key, and in no list',
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
