import { randomUUID } from 'node:crypto';
import type { Guard } from '../../shared/azure/authority/row-guard.ts';
import { createTenantTable } from '../../shared/azure/records/tenant-table.ts';
import type { OpenTable } from '../../shared/azure/tables/table-store.ts';
import { settleAll } from '../../shared/concurrency.ts';
import { SILENT } from './broker.ts';
import { createActiveTenant } from './memory-store.ts';

const CONCURRENCY = 32;
const HOUR_MS = 60 * 60_000;

/** Adds active customers that consented an hour ago and were never read: each needs somebody. */
export async function seedFleet(open: OpenTable, guard: Guard, count: number): Promise<void> {
  const tenants = createTenantTable(open, SILENT, guard);
  const consentedAt = Date.now() - HOUR_MS;
  const ids = Array.from({ length: count }, () => randomUUID());
  const outcomes = await settleAll(ids, CONCURRENCY, (tenantId) =>
    tenants.insert({ ...createActiveTenant(tenantId), consentedAt }),
  );
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed) throw failed.reason;
}
