import type { AzureClients } from '../../shared/azure/clients/clients.ts';
import { createTenantTable } from '../../shared/azure/records/tenant-table.ts';
import { createSyncStateTable } from '../../shared/azure/sync/sync-state-table.ts';
import type { RingKey } from '../../shared/crypto/key-ring.ts';
import {
  createFleetDirectory,
  createGetFleetCoverage,
} from '../../shared/incidents/coverage/fleet-coverage.ts';
import { createListCustomers } from '../../shared/overview/list-customers.ts';
import { createGetOverview } from '../../shared/overview/overview.ts';
import { SILENT } from './broker.ts';
import { createGuard } from './sandbox-table.ts';
import { median } from './statistics.ts';

const COLD_ROUNDS = 5;
const WARM_ROUNDS = 21;
const LATE_AFTER_MS = 15 * 60_000;
const FILTER = { tag: 'gold', status: 'active', text: 'customer', after: undefined } as const;

/** Milliseconds of processor: an overview of a new process, one from memory, a page of a list. */
export interface OverviewTimes {
  readonly coldMs: number;
  readonly warmMs: number;
  readonly pageMs: number;
}

/** Measures what operators see of that many tenants, which are in storage. */
export async function measureOverview(
  azure: AzureClients,
  ringKey: RingKey,
  count: number,
): Promise<OverviewTimes> {
  const cold: number[] = [];
  const warm: number[] = [];
  const pages: number[] = [];
  for (let round = 0; round < COLD_ROUNDS; round++) {
    const { getOverview, listCustomers } = createProcess(azure, ringKey);
    const look = async () => {
      const { byStatus } = await getOverview();
      const known = byStatus.active + byStatus.partial;
      if (known !== count) throw new Error(`It knows ${known} tenants.`);
    };
    const list = async () => {
      const { customers } = await listCustomers({ ...FILTER, limit: 50 });
      if (customers.length !== 50) throw new Error(`It lists ${customers.length} tenants.`);
    };
    cold.push(await timeProcessor(look));
    for (let again = 0; again < WARM_ROUNDS; again++) {
      warm.push(await timeProcessor(look));
      pages.push(await timeProcessor(list));
    }
  }
  return { coldMs: median(cold), warmMs: median(warm), pageMs: median(pages) };
}

/** What has a tag or a text is looked for in memory. */
const refuse = () => Promise.reject(new Error('Nobody lists rows.'));

/** A process that knows no tenant yet. */
function createProcess(azure: AzureClients, ringKey: RingKey) {
  const open = (name: string) => () => azure.table(name);
  const tenants = createTenantTable(open('tenants'), SILENT, createGuard(azure, ringKey));
  const syncStates = createSyncStateTable(open('incidentsync'), SILENT);
  const fleet = createFleetDirectory({ tenants, syncStates, now: () => FROZEN });
  const common = { fleet, lateAfterMs: LATE_AFTER_MS, now: () => FROZEN };
  const rules = { defaultSource: 'defender-xdr', lateAfterMs: LATE_AFTER_MS } as const;
  return {
    listCustomers: createListCustomers({ ...common, list: refuse, syncStates, rules }),
    getOverview: createGetOverview({
      ...common,
      getCoverage: createGetFleetCoverage(common),
      getHealth: () => Promise.resolve({ status: 'up', checks: {} }),
    }),
  };
}

/** Time stands still, so what was read stays fresh: each round says what it is about. */
const FROZEN = Date.now() + 60_000;

async function timeProcessor(work: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
