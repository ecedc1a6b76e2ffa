import { createTenantTable } from '../../shared/azure/records/tenant-table.ts';
import { createSyncStateTable } from '../../shared/azure/sync/sync-state-table.ts';
import {
  createFleetDirectory,
  createGetFleetCoverage,
} from '../../shared/incidents/coverage/fleet-coverage.ts';
import { createGetOverview, type GetOverview } from '../../shared/overview/overview.ts';
import { SILENT } from './broker.ts';
import { createGuard } from './sandbox-table.ts';
import { seedFleet } from './seed-fleet.ts';
import { median } from './statistics.ts';
import { withStorage } from './storage.ts';

const KEY = { kid: 'bench', key: new Uint8Array(32).fill(7), createdAt: 0 };
const COLD_ROUNDS = 5;
const WARM_ROUNDS = 21;
const LATE_AFTER_MS = 15 * 60_000;

/** Milliseconds of processor that an overview takes, cold and warm. */
export async function measureOverview(
  count: number,
): Promise<{ readonly coldMs: number; readonly warmMs: number }> {
  return await withStorage(async (azure) => {
    const open = (name: string) => () => azure.table(name);
    await seedFleet(open('tenants'), createGuard(azure, KEY), count);

    /** A process that knows no tenant yet. */
    const createProcess = (): GetOverview => {
      const tenants = createTenantTable(open('tenants'), SILENT, createGuard(azure, KEY));
      const syncStates = createSyncStateTable(open('incidentsync'), SILENT);
      const fleet = createFleetDirectory({ tenants, syncStates, now: () => FROZEN });
      const common = { fleet, lateAfterMs: LATE_AFTER_MS, now: () => FROZEN };
      return createGetOverview({
        ...common,
        getCoverage: createGetFleetCoverage(common),
        getHealth: () => Promise.resolve({ status: 'up', checks: {} }),
      });
    };

    const cold: number[] = [];
    const warm: number[] = [];
    for (let round = 0; round < COLD_ROUNDS; round++) {
      const getOverview = createProcess();
      cold.push(await timeProcessor(getOverview, count));
      for (let again = 0; again < WARM_ROUNDS; again++) {
        warm.push(await timeProcessor(getOverview, count));
      }
    }
    return { coldMs: median(cold), warmMs: median(warm) };
  });
}

/** Time stands still, so what was read stays fresh: each round says what it is about. */
const FROZEN = Date.now() + 60_000;

async function timeProcessor(getOverview: GetOverview, count: number): Promise<number> {
  const before = process.cpuUsage();
  const { byStatus } = await getOverview();
  const { user, system } = process.cpuUsage(before);
  if (byStatus.active !== count) throw new Error(`${byStatus.active} tenants are active.`);
  return (user + system) / 1000;
}
