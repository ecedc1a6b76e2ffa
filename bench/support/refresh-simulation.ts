import { SLOT_SIZES } from '../../functions/compose/slot-sizes.ts';
import { createRefresher } from '../../shared/refresh/refresh.ts';
import { createSlotControl } from '../../shared/slots/slots.ts';
import { createMeter } from '../../shared/telemetry/meter.ts';
import { createTenantDirectory } from '../../shared/tenants/tenant-directory.ts';
import { IssueError } from '../../shared/tokens/failure.ts';
import type { TokenSeal } from '../../shared/tokens/sealed-token.ts';
import type { RequestToken } from '../../shared/tokens/token-issuer.ts';
import type { TokenKey, TokenStore, TokenSummary } from '../../shared/tokens/token-record.ts';
import { makeAccessToken } from './access-token.ts';
import { createBenchBroker, SILENT } from './broker.ts';
import { createMemoryTenantStore, createMemoryTokenStore } from './memory-store.ts';
import {
  type FleetRuns,
  type FleetTimes,
  type SimulatedFleet,
  simulateFleet,
} from './simulated-fleet.ts';
import { toSlow } from './slow-port.ts';

/** Past the refresh time of every token and before the end of any. */
const UNTIL_DUE_MS = 55 * 60_000;

const RESOURCE = 'defender-xdr';

/** Encryption runs beside the event loop, in real time; here nobody reads the rows. */
const NO_SEAL: TokenSeal = {
  ready: () => Promise.resolve(),
  seal: (_, token) => Promise.resolve(JSON.stringify(token)),
  open: (_, sealed) => Promise.resolve(JSON.parse(sealed)),
  reseal: () => Promise.resolve(undefined),
};

/** The broker's own refresh on memory with a simulated clock; every tenant is due in each run. */
export async function simulateRefresh(
  tenantIds: readonly string[],
  times: FleetTimes,
): Promise<FleetRuns> {
  return await simulateFleet(tenantIds, times, (fleet) => wire(fleet, tenantIds, times));
}

function wire(fleet: SimulatedFleet, tenantIds: readonly string[], { storageMs }: FleetTimes) {
  const { clock, call, noteDone } = fleet;
  let offset = 0;
  const now = () => clock.now() + offset;
  const slow = <T extends object>(port: T): T => toSlow(port, () => clock.sleep(storageMs));
  const control = createSlotControl(clock);
  const requestToken: RequestToken = (key) =>
    control.callOutside(async (signal) => {
      if (!(await call(key.tenantId, signal))) {
        throw new IssueError({ cause: 'service_unavailable' });
      }
      return { accessToken: makeAccessToken(key, now()), expiresInMs: 60 * 60_000 };
    });
  const memory = createMemoryTokenStore();
  const tokens = { ...slow(memory), summaries: () => summarize(memory, tenantIds) };
  const tenants = createMemoryTenantStore(tenantIds);
  const broker = createBenchBroker({ tokens, requestToken, seal: NO_SEAL, now });
  const queue: (readonly TokenKey[])[] = [];
  const refresher = createRefresher({
    ...{ tenants, tokens, syncResource: RESOURCE, metrics: createMeter(), log: SILENT, now },
    directory: createTenantDirectory({ tenants: slow(tenants), now }),
    broker: {
      ...broker,
      refresh: async (key) => {
        const obtained = await broker.refresh(key);
        if (!obtained.token.degraded) noteDone(key.tenantId);
        return obtained;
      },
    },
    watch: { ensureCurrent: () => undefined },
    enqueue: (keys) => Promise.resolve(void queue.push(keys)),
    enqueueVerification: () => Promise.resolve(),
    resealRows: () => Promise.resolve(),
    slots: control.createSlots(SLOT_SIZES.refresh),
  });
  return {
    begin: async () => {
      offset += UNTIL_DUE_MS;
      await refresher.run();
      return queue.splice(0);
    },
    take: refresher.refreshBatch,
  };
}

async function* summarize(
  tokens: TokenStore,
  tenantIds: readonly string[],
): AsyncGenerator<readonly TokenSummary[]> {
  for (const tenantId of tenantIds) {
    const row = (await tokens.find({ tenantId, resource: RESOURCE }))?.value;
    if (!row) continue;
    const { token, retryState, requestedAt } = row;
    const { refreshAt, expiresAt } = token ?? { refreshAt: undefined, expiresAt: undefined };
    const { retryAt, count: failures } = retryState ?? { retryAt: undefined, count: 0 };
    const times = { refreshAt, expiresAt, requestedAt, retryAt };
    yield [{ tenantId, resource: RESOURCE, ...times, failures, keyId: undefined }];
  }
}
