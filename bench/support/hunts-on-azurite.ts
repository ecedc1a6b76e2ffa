import { startAzurite } from '../../local/azurite.ts';
import { createAzureClients } from '../../shared/azure/clients/clients.ts';
import { createHuntRig } from './hunt-fixture.ts';
import { createHuntUpstream, type UpstreamCustomer } from './hunt-upstream.ts';

const QUERY = 'DeviceInfo | project Timestamp, ReportId, DeviceName';

let suffixes = 0;

/** Hunts of one part of the section, on an Azurite of its own. */
export async function withHunts<T>(
  given: { count: number; customer: (index: number) => UpstreamCustomer; delayMs: number },
  work: (hunting: Hunting) => Promise<T>,
): Promise<T> {
  const { connectionString, stop } = await startAzurite();
  try {
    const storage = { connectionString };
    const azure = createAzureClients({
      ...{ storage, keyVaultUrl: '', managedIdentityClientId: undefined },
    });
    const suffix = `n${suffixes++}`;
    const tenantIds = Array.from({ length: given.count }, (_, index) => toTenantId(index));
    const customers = new Map(tenantIds.map((id, index) => [id, given.customer(index)]));
    const upstream = createHuntUpstream({ customers, delayMs: given.delayMs, now: Date.now() });
    const fixture = createHuntRig({ azure, suffix, fetch: upstream.fetch });
    return await work({ ...fixture, upstream, tenantIds, connectionString, suffix });
  } finally {
    await stop();
  }
}

/** Customers to hunt at, on an Azurite of their own. */
type Hunting = ReturnType<typeof createHuntRig> & {
  readonly upstream: ReturnType<typeof createHuntUpstream>;
  readonly tenantIds: readonly string[];
  readonly connectionString: string;
  readonly suffix: string;
};

/** The id of a customer by its number. */
export function toTenantId(index: number): string {
  return `${String(index).padStart(8, '0')}-0000-4000-8000-000000000001`;
}

/** Hunts at all customers until they have ended, or as many of them as are wanted. */
export async function runHunt({ createHunt, work, tenantIds, hunts }: Hunting, ended?: number) {
  const startedAt = performance.now();
  const { id } = await createHunt(QUERY, tenantIds);
  await work(id, ended);
  const seconds = (performance.now() - startedAt) / 1000;
  const progress = (await hunts.findProgress(id))?.value;
  if (!progress) throw new Error('The hunt is gone.');
  return { id, seconds, progress };
}
