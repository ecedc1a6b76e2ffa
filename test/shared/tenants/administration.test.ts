import { expect, test, vi } from 'vitest';
import { createSyncStateTable } from '../../../shared/azure/incidents/sync-state-table.ts';
import { createTenantTable } from '../../../shared/azure/tenant-table.ts';
import { createTenantAdministration } from '../../../shared/tenants/administration.ts';
import { createTenant } from '../../../shared/tenants/tenant.ts';
import { createClock } from '../../support/clock.ts';
import { createRecordedLog } from '../../support/log.ts';
import { openNewTable } from '../../support/storage.ts';
import { TENANT } from '../../support/tokens.ts';

async function setUp() {
  const log = createRecordedLog();
  const tenants = createTenantTable(openNewTable('tenants'), log);
  await tenants.insert({ ...createTenant(TENANT, 0), status: 'active' });
  const advanceEpoch = vi.fn().mockResolvedValue(undefined);
  const administration = createTenantAdministration({
    tenants,
    syncStates: createSyncStateTable(openNewTable('sync'), log),
    resolveTenant: (name) => Promise.resolve(name),
    verifier: { acceptConsent: vi.fn(), lookAgain: vi.fn(), verifyNow: vi.fn() },
    advanceEpoch,
    log,
    now: createClock().now,
  });
  return { administration, advanceEpoch };
}

test('an operator may repeat a stop whose epoch could not be moved', async () => {
  const { administration, advanceEpoch } = await setUp();
  advanceEpoch.mockRejectedValueOnce(new Error('down'));
  await expect(administration.patch(TENANT, { status: 'disabled' })).rejects.toThrow('down');
  await administration.patch(TENANT, { status: 'disabled' });
  expect(advanceEpoch).toHaveBeenCalledTimes(2);
});

test('a stop is told to every process, a name is not', async () => {
  const { administration, advanceEpoch } = await setUp();
  await administration.patch(TENANT, { displayName: 'Contoso' });
  expect(advanceEpoch).not.toHaveBeenCalled();
  await administration.patch(TENANT, { status: 'disabled' });
  expect(advanceEpoch).toHaveBeenCalledTimes(1);
});
