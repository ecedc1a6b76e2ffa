import { expect, test, vi } from 'vitest';
import { createTenantTable } from '../../shared/azure/records/tenant-table.ts';
import { createSyncStateTable } from '../../shared/azure/sync/sync-state-table.ts';
import type { Grants } from '../../shared/callers/grants.ts';
import { createEpochWatch } from '../../shared/epoch.ts';
import { createChooseSource } from '../../shared/incidents/sync/choose-source.ts';
import { createTenantAdministration } from '../../shared/tenant-administration.ts';
import { createTenant } from '../../shared/tenants/tenant.ts';
import { createClock } from '../support/clock.ts';
import { createRecordedLog } from '../support/log.ts';
import { openNewTable } from '../support/storage.ts';
import { TENANT } from '../support/tokens.ts';

async function setUp() {
  const log = createRecordedLog();
  const tenants = createTenantTable(openNewTable('tenants'), log);
  await tenants.insert({ ...createTenant(TENANT, 0), status: 'active' });
  const clock = createClock();
  const epoch = {
    read: vi.fn().mockResolvedValue(''),
    advance: vi.fn().mockResolvedValue(undefined),
  };
  const forget = vi.fn();
  const grants = { list: vi.fn(async (): Promise<readonly Grants[]> => []) };
  const forgetNames = vi.fn();
  const syncStates = createSyncStateTable(openNewTable('sync'), log);
  const administration = createTenantAdministration({
    tenants,
    grants,
    chooseSource: createChooseSource(syncStates),
    resolveTenant: (name) => Promise.resolve(name),
    verifier: { verifyNow: vi.fn() },
    publish: createEpochWatch({ epoch, forget, now: clock.now }).publish,
    forgetNames,
    log,
    now: clock.now,
  });
  return { administration, grants, epoch, forget, forgetNames, tenants, syncStates };
}

test('an operator may repeat a stop whose epoch could not be moved', async () => {
  const { administration, epoch } = await setUp();
  epoch.advance.mockRejectedValueOnce(new Error('down'));
  await expect(administration.patch(TENANT, { status: 'disabled' })).rejects.toThrow('down');
  await administration.patch(TENANT, { status: 'disabled' });
  expect(epoch.advance).toHaveBeenCalledTimes(2);
});

test('a stop is told to every process, a name to this one', async () => {
  const { administration, epoch, forgetNames } = await setUp();
  await administration.patch(TENANT, { displayName: 'Contoso' });
  expect([epoch.advance.mock.calls.length, forgetNames.mock.calls.length]).toEqual([0, 1]);
  await administration.patch(TENANT, { status: 'disabled' });
  expect(epoch.advance).toHaveBeenCalledTimes(1);
});

test('a stop takes effect although what was asked with it fails', async () => {
  const { administration, epoch, syncStates } = await setUp();
  vi.spyOn(syncStates, 'find').mockRejectedValue(new Error('down'));
  const patch = { status: 'disabled', incidentSource: 'graph' } as const;
  await expect(administration.patch(TENANT, patch)).rejects.toThrow('down');
  expect(epoch.advance).toHaveBeenCalledTimes(1);
});

test.each([{ status: 'disabled' } as const, { tags: ['gold'] }])(
  'a change that fails takes nothing away: %o',
  async (patch) => {
    const { administration, epoch, tenants, forget } = await setUp();
    epoch.advance.mockRejectedValue(new Error('down'));
    vi.spyOn(tenants, 'replace').mockRejectedValue(new Error('down'));
    await expect(administration.patch(TENANT, patch)).rejects.toThrow('down');
    expect(forget).not.toHaveBeenCalled();
  },
);

test('a patch of tags says whose rules begin and cease to fit; grants that can not be read stop nothing', async () => {
  const { administration, grants } = await setUp();
  const rule = { effect: 'allow', resources: ['graph'] } as const;
  const caller = { callerId: 'soar', displayName: undefined, mode: 'enforce' } as const;
  const rules = [
    { ...rule, id: 'gold', tenants: ['tag:gold'] },
    { ...rule, id: 'both', tenants: ['tag:gold', 'tag:emea'] },
    { ...rule, id: 'all', tenants: ['*', 'tag:emea'] },
    { ...rule, id: 'emea', effect: 'deny' as const, tenants: ['tag:emea'] },
  ];
  grants.list.mockResolvedValue([{ ...caller, rules, createdAt: 0, updatedAt: 0 }]);
  const patch = async (tags: readonly string[]) =>
    (await administration.patch(TENANT, { tags })).fitting;
  const field = 'fitting_rules.soar';
  expect(await patch(['gold'])).toEqual([{ field, before: undefined, after: 'gold both' }]);
  expect(await patch(['emea'])).toEqual([{ field, before: 'gold', after: 'emea' }]);
  expect(await patch(['emea'])).toEqual([]);
  grants.list.mockRejectedValue(new Error('down'));
  expect(await patch([])).toMatchObject([{ field: 'fitting_rules', after: 'could not be read' }]);
});
