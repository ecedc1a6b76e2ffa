import { randomUUID } from 'node:crypto';
import { composeAuthority } from '../../functions/compose/authority.ts';
import type { ChangeScope } from '../../shared/audit/journal.ts';
import type { AzureClients } from '../../shared/azure/clients/clients.ts';
import { createTenantTable } from '../../shared/azure/records/tenant-table.ts';
import { createSyncStateTable } from '../../shared/azure/sync/sync-state-table.ts';
import { MAX_BATCH_ROWS } from '../../shared/azure/tables/row-batch.ts';
import { mapAll } from '../../shared/concurrency.ts';
import type { RingKey } from '../../shared/crypto/key-ring.ts';
import { createSeal } from '../../shared/crypto/seal.ts';
import { toInstant } from '../../shared/incidents/instant.ts';
import { createSyncState, type SyncState } from '../../shared/incidents/sync/sync-state.ts';
import type { Tenant } from '../../shared/tenants/tenant.ts';
import { createBatchingTable } from './batching-table.ts';
import { SILENT } from './broker.ts';
import { createActiveTenant } from './memory-store.ts';
import { createRing } from './ring.ts';

/** Requests under way at once. */
const CONCURRENCY = 8;
const MINUTE_MS = 60_000;

/** One of so many customers lacks a role, was not read for an hour, has the tag `gold`. */
const ONE_IN = { missing: 10, late: 25, gold: 10 };

/**
 * Adds customers with their syncs, through the product's own stores: rows are signed and their
 * changes recorded, in transactions of a hundred. Most are well; some lack a role, some are late.
 */
export async function seedFleet(
  azure: AzureClients,
  ringKey: RingKey,
  count: number,
): Promise<void> {
  const tenants = Array.from({ length: count }, (_, place) => toCustomer(randomUUID(), place));
  await saveTenants(azure, ringKey, tenants);
  const states = createSyncStateTable(() => azure.table('incidentsync'), SILENT);
  await mapAll([...tenants.entries()], CONCURRENCY, ([place, { tenantId }]) =>
    states.insert(toState(tenantId, place)),
  );
}

async function saveTenants(
  azure: AzureClients,
  ringKey: RingKey,
  tenants: readonly Tenant[],
): Promise<void> {
  const scope: ChangeScope = { actor: 'bench', correlationId: randomUUID(), pending: [] };
  const { guard, journal } = composeAuthority(azure, {
    seal: createSeal(createRing(ringKey), Date.now),
    log: { ...SILENT, findScope: () => scope },
  });
  const store = createTenantTable(
    createBatchingTable(() => azure.table('tenants')),
    SILENT,
    guard,
  );
  await mapAll(tenants, 4 * MAX_BATCH_ROWS, (tenant) => store.insert(tenant));
  const { correlationId } = scope;
  await journal.record({ actor: 'bench', act: 'tenant.change', correlationId });
}

function toCustomer(tenantId: string, place: number): Tenant {
  const tenant = createActiveTenant(tenantId);
  const isMissing = place % ONE_IN.missing === 1;
  const checkedAt = Date.now() - place * 1000;
  const missing = { granted: [], missing: ['Incident.Read.All'], checkedAt };
  return {
    ...tenant,
    tags: place % ONE_IN.gold === 0 ? ['gold'] : ['silver'],
    ...(isMissing && { status: 'partial', proofs: { 'defender-xdr': missing } }),
  };
}

function toState(tenantId: string, place: number): SyncState {
  const completeUpTo = toInstant(Date.now() - (place % ONE_IN.late === 2 ? 60 : 1) * MINUTE_MS);
  return {
    ...createSyncState(tenantId),
    coverage: {
      source: 'defender-xdr',
      completeFrom: toInstant(0),
      completeUpTo,
      reconciledAt: undefined,
    },
    dueAt: Date.now() + 60 * MINUTE_MS,
  };
}
