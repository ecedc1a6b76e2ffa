import { expect, test, vi } from 'vitest';
import { createAudit } from '../../../shared/audit/audit.ts';
import type { Issuance, IssuanceLedger } from '../../../shared/audit/issuance-ledger.ts';
import { createRecordIssuance } from '../../../shared/audit/record-issuance.ts';
import { toTenantHash } from '../../../shared/audit/tenant-hash.ts';
import { createIssuanceTable } from '../../../shared/azure/audit/audit-tables.ts';
import { createLedgerSweep } from '../../../shared/retention/sweep-ledgers.ts';
import { toTokenHash } from '../../../shared/tokens/claims/access-token.ts';
import { createClock, HOUR } from '../../support/clock.ts';
import { createRecordedLog } from '../../support/log.ts';
import { openNewTable } from '../../support/storage.ts';
import { CLIENT, claimsOf, makeAccessToken, OTHER_TENANT, TENANT } from '../../support/tokens.ts';

const DAY = 24 * HOUR;

function setUp() {
  const clock = createClock();
  const log = createRecordedLog();
  const open = openNewTable('issuances');
  const issuances = createIssuanceTable(open, log);
  const createProcess = (ledger: Pick<IssuanceLedger, 'record'> = issuances) =>
    createRecordIssuance({ issuances: ledger, log, now: clock.now });
  const countRows = async () => {
    const rows = [];
    for await (const row of (await open()).listEntities()) rows.push(row);
    return rows.length;
  };
  return { clock, log, open, issuances, createProcess, countRows };
}

function handOut(issuedAt: number, change: { callerId?: string; tenantId?: string } = {}) {
  const { callerId = CLIENT, tenantId = TENANT } = change;
  const accessToken = makeAccessToken({ tid: tenantId, uti: `uti ${issuedAt}/?#` });
  const life = { issuedAt, expiresAt: issuedAt + HOUR, refreshAt: issuedAt + HOUR / 2 };
  const read = { claims: claimsOf(accessToken), tokenHash: toTokenHash(accessToken) };
  const key = { tenantId, resource: 'graph' as const };
  const token = { ...key, ...life, ...read, accessToken, degraded: false };
  return { callerId, token, rule: 'all', correlationId: 'c-1' };
}

function callersOf(page: { records: readonly Issuance[] }) {
  return page.records.map(({ callerId }) => callerId);
}

test('a token that a caller did not have yet leaves one line, without the token', async () => {
  const { clock, log, createProcess } = setUp();
  const record = createProcess();
  const handout = handOut(clock.now());
  await record(handout);
  await record(handout);
  expect(log.lines).toEqual([
    {
      level: 'info',
      event: 'token.issued',
      fields: { caller: CLIENT, tenant: TENANT, resource: 'graph' },
    },
  ]);
});

test('a caller gets a token that it did not have yet: it is recorded once, a cached hit writes nothing', async () => {
  const { clock, issuances, createProcess, countRows } = setUp();
  const [one, other] = [createProcess(), createProcess()];
  const handout = handOut(clock.now());
  await Promise.all([one(handout), one(handout), other(handout)]);
  expect(one(handout)).toBeUndefined();
  expect(await countRows()).toBe(5);
  const { tokenHash } = handout.token;
  expect(await issuances.list({ tokenHash, limit: 10 })).toEqual({
    records: [
      {
        callerId: CLIENT,
        tenantHash: toTenantHash(TENANT),
        resource: 'graph',
        rule: 'all',
        tokenHash,
        uti: handout.token.claims?.uti,
        issuedAt: clock.now(),
        expiresAt: clock.now() + HOUR,
        recordedAt: clock.now(),
        correlationId: 'c-1',
      },
    ],
    next: undefined,
  });
  await one({ ...handout, callerId: OTHER_TENANT });
  expect(callersOf(await issuances.list({ tokenHash, limit: 10 }))).toEqual([CLIENT, OTHER_TENANT]);
});

test('the next token of a caller is a record of its own', async () => {
  const { clock, issuances, createProcess } = setUp();
  const recordIssuance = createProcess();
  await recordIssuance(handOut(clock.now()));
  await recordIssuance(handOut(clock.now() + 1));
  expect(callersOf(await issuances.list({ callerId: CLIENT, limit: 10 }))).toHaveLength(2);
});

test('a token that has ended is not live, though it was handed out today', async () => {
  const { clock, issuances, createProcess } = setUp();
  await createProcess()(handOut(clock.now()));
  const find = (liveAt: number) => issuances.list({ callerId: CLIENT, liveAt, limit: 10 });
  expect(callersOf(await find(clock.now() + HOUR - 1))).toEqual([CLIENT]);
  expect(callersOf(await find(clock.now() + HOUR))).toEqual([]);
});

test('what could not be written is not remembered as written', async () => {
  const { clock, createProcess } = setUp();
  const record = vi.fn<IssuanceLedger['record']>().mockRejectedValueOnce(new Error('down'));
  const recordIssuance = createProcess({ record });
  await expect(recordIssuance(handOut(clock.now()))).rejects.toThrow('down');
  await recordIssuance(handOut(clock.now()));
  expect(record).toHaveBeenCalledTimes(2);
});

test('an issuance is found by each of its names, and by nothing else', async () => {
  const { clock, issuances, createProcess } = setUp();
  const recordIssuance = createProcess();
  const handout = handOut(clock.now());
  await recordIssuance(handout);
  await recordIssuance(handOut(clock.now(), { callerId: OTHER_TENANT, tenantId: OTHER_TENANT }));
  const { tokenHash, claims } = handout.token;
  const tenantHash = toTenantHash(TENANT);
  for (const name of [
    { tokenHash },
    { uti: claims?.uti, tenantHash },
    { tenantHash },
    { callerId: CLIENT },
  ]) {
    expect(callersOf(await issuances.list({ ...name, limit: 10 }))).toEqual([CLIENT]);
  }
  for (const crossed of [
    { tenantHash, callerId: OTHER_TENANT },
    { tokenHash, uti: 'another' },
  ]) {
    expect(callersOf(await issuances.list({ ...crossed, limit: 10 }))).toEqual([]);
  }
});

test('times bound a query: since when it was handed out, and whether it still works', async () => {
  const { clock, issuances, createProcess } = setUp();
  const recordIssuance = createProcess();
  const early = handOut(clock.now());
  clock.pass(HOUR / 2);
  await recordIssuance(early);
  clock.pass(2 * DAY);
  await recordIssuance(handOut(clock.now(), { callerId: OTHER_TENANT }));
  const since = clock.now() - 2 * DAY;
  expect(callersOf(await issuances.list({ since, limit: 10 }))).toEqual([CLIENT, OTHER_TENANT]);
  const later = await issuances.list({ since: since + 1, limit: 10 });
  expect(callersOf(later)).toEqual([OTHER_TENANT]);
  const live = { tenantHash: toTenantHash(TENANT), liveAt: clock.now(), limit: 10 };
  expect(callersOf(await issuances.list(live))).toEqual([OTHER_TENANT]);
});

test('pages follow each other over days', async () => {
  const { clock, issuances, createProcess } = setUp();
  const recordIssuance = createProcess();
  const since = clock.now();
  for (const callerId of ['a', 'b', 'c']) {
    await recordIssuance(handOut(clock.now(), { callerId }));
    clock.pass(DAY);
  }
  const first = await issuances.list({ since, limit: 2 });
  const second = await issuances.list({ since, limit: 2, after: first.next });
  expect([callersOf(first), callersOf(second), second.next]).toEqual([
    ['a', 'b'],
    ['c'],
    undefined,
  ]);
});

test('the sweep removes what is past its retention, in every index, and nothing else', async () => {
  const { clock, log, issuances, createProcess, countRows } = setUp();
  const recordIssuance = createProcess();
  for (const callerId of ['a', 'b']) await recordIssuance(handOut(clock.now(), { callerId }));
  clock.pass(21 * DAY);
  await recordIssuance(handOut(clock.now(), { callerId: 'c' }));
  clock.pass(10 * DAY);
  const sweep = createLedgerSweep({
    removeExpired: () => Promise.resolve(7),
    ledgers: [issuances],
    getRetentionMs: () => 30 * DAY,
    log,
    now: clock.now,
  });
  await sweep();
  expect(await countRows()).toBe(5);
  expect(callersOf(await issuances.list({ callerId: 'c', limit: 10 }))).toEqual(['c']);
  expect(log.lines.at(-1)).toMatchObject({
    event: 'sweep.run',
    fields: { expired_removed: 7, audit_removed: 2 },
  });
});

test('a removal keeps the day that it is about, and two at once do no harm', async () => {
  const { clock, issuances, createProcess, countRows } = setUp();
  await createProcess()(handOut(clock.now()));
  expect([await issuances.removeBefore(clock.now(), 10), await countRows()]).toEqual([0, 5]);
  const remove = () => issuances.removeBefore(clock.now() + DAY, 10);
  await expect(Promise.all([remove(), remove()])).resolves.toContain(1);
  expect(await countRows()).toBe(0);
});

test.each([1, 2, 3, 4, 5])(
  'a removal that breaks at row %i is told, and made up for',
  async (at) => {
    const { clock, log, open, createProcess, countRows } = setUp();
    await createProcess()(handOut(clock.now()));
    const client = await open();
    const deleteEntity = client.deleteEntity.bind(client);
    const broken = vi.spyOn(client, 'deleteEntity').mockImplementation(async (...row) => {
      if (broken.mock.calls.length === at) throw new Error('down');
      return await deleteEntity(...row);
    });
    const issuances = createIssuanceTable(() => Promise.resolve(client), log);
    await expect(issuances.removeBefore(clock.now() + DAY, 10)).rejects.toThrow();
    expect(await issuances.removeBefore(clock.now() + DAY, 10)).toBe(1);
    expect(await countRows()).toBe(0);
  },
);

test.each([
  [[500, 500, 3], 1003, 3],
  [Array.from({ length: 50 }, () => 500), 20_000, 40],
])(
  'the sweep goes on while batches are full, %# within its bounds',
  async (batches, removed, calls) => {
    const { log, clock } = setUp();
    const removeBefore = vi.fn((_time: number, _limit: number) =>
      Promise.resolve(batches[removeBefore.mock.calls.length - 1] ?? 0),
    );
    const removeExpired = () => Promise.resolve(0);
    const ledgers = [{ removeBefore }];
    const common = { removeExpired, ledgers, getRetentionMs: () => DAY, log };
    await createLedgerSweep({ ...common, now: clock.now })();
    expect(removeBefore).toHaveBeenCalledTimes(calls);
    expect(removeBefore).toHaveBeenCalledWith(clock.now() - DAY, 500);
    expect(log.lines.at(-1)?.fields).toMatchObject({ audit_removed: removed });
  },
);

test('who holds live tokens is asked for at one time and page by page', async () => {
  const { clock } = setUp();
  const list = vi
    .fn<IssuanceLedger['list']>()
    .mockResolvedValueOnce({ records: [], next: 'page 2' })
    .mockResolvedValueOnce({ records: [], next: undefined });
  const ledger = { list, record: vi.fn(), removeBefore: vi.fn() };
  const tenants = { list: vi.fn() };
  const audit = createAudit({
    issuances: ledger,
    events: {
      list: vi.fn(),
      verify: vi.fn(),
      append: vi.fn(),
      begin: vi.fn(),
      restart: vi.fn(),
      removeBefore: vi.fn(),
    },
    tenants,
    grants: { list: vi.fn() },
    now: clock.now,
  });
  await audit.listLive({ tenantId: TENANT });
  const look = { tenantHash: toTenantHash(TENANT), liveAt: clock.now(), limit: 1000 };
  expect(list.mock.calls).toEqual([
    [{ ...look, callerId: undefined, after: undefined }],
    [{ ...look, callerId: undefined, after: 'page 2' }],
  ]);
});
