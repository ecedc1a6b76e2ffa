import { composeAuthority } from '../../functions/compose/authority.ts';
import type { Guard } from '../../shared/azure/authority/row-guard.ts';
import { createGrantTable } from '../../shared/azure/records/grant-table.ts';
import { createTenantTable } from '../../shared/azure/records/tenant-table.ts';
import type { OpenTable } from '../../shared/azure/tables/table-store.ts';
import { settleAll } from '../../shared/concurrency.ts';
import { createSeal } from '../../shared/crypto/seal.ts';
import { SILENT } from '../support/broker.ts';
import { createActiveTenant, createFullGrants } from '../support/memory-store.ts';
import { createRing } from '../support/ring.ts';
import { openTable, type TestEnvironment, toAzure } from './start-environment.ts';

/**
 * Makes the environment's tenants active and lets the partner's own tool have every token, in rows
 * that its broker believes.
 */
export async function seedBroker(environment: TestEnvironment): Promise<void> {
  const { guard } = createAuthority(environment);
  await seedTenants(openTable(environment, 'tenants'), environment.tenantIds, guard);
  const grants = createGrantTable(openTable(environment, 'callers'), SILENT, guard);
  await grants.insert(createFullGrants(environment.callerId));
  await grants.insert(createFullGrants(environment.otherCaller.id));
}

/** Makes tenants active as the proof of their consent would; without a guard nothing is signed. */
export async function seedTenants(
  open: OpenTable,
  tenantIds: readonly string[],
  guard?: Guard,
): Promise<void> {
  const tenants = createTenantTable(open, SILENT, guard);
  const outcomes = await settleAll(tenantIds, 32, (tenantId) =>
    tenants.insert(createActiveTenant(tenantId)),
  );
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed) throw failed.reason;
}

/** What a process of the environment's broker guards its rows with. */
function createAuthority(environment: TestEnvironment) {
  const { kid, key } = environment.ringKey;
  const ringKey = { kid, key: new Uint8Array(Buffer.from(key, 'base64url')), createdAt: 0 };
  const log = { ...SILENT, findScope: () => undefined };
  return composeAuthority(toAzure(environment), {
    seal: createSeal(createRing(ringKey), Date.now),
    log,
  });
}
