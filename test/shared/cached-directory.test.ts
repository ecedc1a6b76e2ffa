import { expect, test, vi } from 'vitest';
import { toIntegrityError } from '../../shared/authority/integrity.ts';
import { createCachedDirectory } from '../../shared/cached-directory.ts';
import type { Stored } from '../../shared/store.ts';
import { createTenant, type Tenant, type TenantStore } from '../../shared/tenants/tenant.ts';
import { createClock, MINUTE } from '../support/clock.ts';
import { TENANT } from '../support/tokens.ts';

const ACTIVE: Tenant = { ...createTenant(TENANT, 0), status: 'active' };
const DISABLED: Tenant = { ...ACTIVE, status: 'disabled' };

function setUp() {
  const clock = createClock();
  const find = vi.fn<TenantStore['find']>().mockResolvedValue({ value: ACTIVE, etag: '1' });
  const directory = createCachedDirectory({ records: { find }, now: clock.now });
  return { clock, find, directory };
}

test('a record is read once and then known without waiting', async () => {
  const { directory, find } = setUp();
  await Promise.all([directory.get(TENANT), directory.get(TENANT)]);
  expect(directory.get(TENANT)).toBe(ACTIVE);
  expect(find).toHaveBeenCalledTimes(1);
});

test('a record that was being read when it was forgotten is not kept', async () => {
  const { directory, find } = setUp();
  const slow = Promise.withResolvers<Stored<Tenant>>();
  find.mockReturnValueOnce(slow.promise);
  const early = directory.get(TENANT);
  directory.forget();
  find.mockResolvedValue({ value: DISABLED, etag: '2' });
  expect((await directory.get(TENANT))?.status).toBe('disabled');
  slow.resolve({ value: ACTIVE, etag: '1' });
  await early;
  expect((await directory.get(TENANT))?.status).toBe('disabled');
});

test('an old record is used while storage does not answer', async () => {
  const { directory, find, clock } = setUp();
  await directory.get(TENANT);
  clock.pass(2 * MINUTE);
  find.mockRejectedValue(new Error('down'));
  expect(await directory.get(TENANT)).toBe(ACTIVE);
});

test('an old record is not used once somebody has changed its row', async () => {
  const { directory, find, clock } = setUp();
  await directory.get(TENANT);
  clock.pass(2 * MINUTE);
  find.mockRejectedValue(toIntegrityError('tenants'));
  await expect(directory.get(TENANT)).rejects.toMatchObject({ code: 'integrity' });
});

test('an absence is remembered until the epoch moves on, and for a minute at most', async () => {
  const { directory, find, clock } = setUp();
  find.mockResolvedValue(undefined);
  expect(await directory.get(TENANT)).toBeUndefined();
  expect(directory.get(TENANT)).toBeUndefined();
  expect(find).toHaveBeenCalledTimes(1);
  find.mockResolvedValue({ value: ACTIVE, etag: '1' });
  directory.forget();
  expect(await directory.get(TENANT)).toBe(ACTIVE);
  find.mockResolvedValue(undefined);
  directory.forget();
  await directory.get(TENANT);
  clock.pass(2 * MINUTE);
  find.mockResolvedValue({ value: ACTIVE, etag: '1' });
  expect(await directory.get(TENANT)).toBe(ACTIVE);
});

test('an old absence says nothing while storage does not answer', async () => {
  const { directory, find, clock } = setUp();
  find.mockResolvedValue(undefined);
  await directory.get(TENANT);
  clock.pass(2 * MINUTE);
  find.mockRejectedValue(new Error('down'));
  await expect(directory.get(TENANT)).rejects.toThrow('down');
});

test('keys that callers make up push no record out', async () => {
  const { directory, find } = setUp();
  await directory.get(TENANT);
  find.mockResolvedValue(undefined);
  await Promise.all(
    Array.from({ length: 60_000 }, (_, index) => directory.get(`made up ${index}`)),
  );
  expect(directory.get(TENANT)).toBe(ACTIVE);
});

test('a clock that was set back makes no record young again', async () => {
  const { directory, find, clock } = setUp();
  await directory.get(TENANT);
  find.mockResolvedValue({ value: DISABLED, etag: '2' });
  clock.pass(-4 * MINUTE);
  expect(await directory.get(TENANT)).toBe(DISABLED);
});

test('what takes long to read is kept longer, as its directory says', async () => {
  const clock = createClock();
  const find = vi.fn(() => {
    clock.pass(4000);
    return Promise.resolve({ value: ACTIVE, etag: '1' });
  });
  const maxAge = (readMs: number) => 5 * readMs;
  const directory = createCachedDirectory({ records: { find }, maxAge, now: clock.now });
  await directory.get(TENANT);
  clock.pass(15_999);
  expect(directory.get(TENANT)).toBe(ACTIVE);
  clock.pass(1);
  await directory.get(TENANT);
  expect(find).toHaveBeenCalledTimes(2);
});
