import { settleAll } from '../concurrency.ts';
import type { EpochWatch } from '../epoch.ts';
import { BrokerError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { ResourceName } from '../resources/resources.ts';
import type { Slots } from '../slots/slots.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { readAllTenants } from '../tenants/all-tenants.ts';
import { isServed, type TenantStore } from '../tenants/tenant.ts';
import type { TenantDirectory } from '../tenants/tenant-directory.ts';
import type { ResealRows } from '../tokens/source/maintenance.ts';
import type { TokenBroker } from '../tokens/token-broker.ts';
import type { TokenKey, TokenStore, TokenSummary } from '../tokens/token-record.ts';
import { isLookDue } from '../verification/recheck.ts';
import type { EnqueueVerification } from '../verification/verification.ts';
import { planRefresh } from './refresh-plan.ts';

/** Puts a batch of keys into the queue. */
type EnqueueRefresh = (keys: readonly TokenKey[]) => Promise<void>;

/** The scheduled refresh: a run that plans, and batches that do. */
export interface Refresher {
  /** One timer run: finds what is due and puts it into the queue. */
  run(): Promise<void>;
  /**
   * One queue message: refreshes its keys. Every failure is in a row already, so it never rejects
   * for one.
   */
  refreshBatch(keys: readonly TokenKey[]): Promise<void>;
}

/** What the refresher is made of. */
interface RefresherParts {
  readonly tenants: TenantStore;
  readonly directory: TenantDirectory;
  readonly tokens: TokenStore;
  readonly broker: TokenBroker;
  readonly watch: Pick<EpochWatch, 'ensureCurrent'>;
  readonly syncResource: ResourceName;
  readonly enqueue: EnqueueRefresh;
  readonly enqueueVerification: EnqueueVerification;
  readonly resealRows: ResealRows;
  /** Of all batches of this process. */
  readonly slots: Slots;
  readonly metrics: Metrics;
  readonly log: Log;
  readonly now: () => number;
}

/** Creates the refresher. */
export function createRefresher(parts: RefresherParts): Refresher {
  return {
    run: () => run(parts),
    refreshBatch: (keys) => refreshBatch(parts, keys),
  };
}

async function run(parts: RefresherParts): Promise<void> {
  const { log, now, syncResource } = parts;
  const startedAt = now();
  const tenants = await readAllTenants(parts.tenants);
  const summaries = await readAllSummaries(parts.tokens);
  const plan = planRefresh({ tenants, summaries, syncResource, now: startedAt });
  const unproven = tenants.filter((tenant) => isLookDue(tenant, startedAt));
  for (const batch of plan.batches) await parts.enqueue(batch);
  for (const { tenantId } of unproven) await parts.enqueueVerification(tenantId, 0);
  log.info('refresh.run', {
    tenants: tenants.length,
    due: plan.due,
    batches: plan.batches.length,
    backing_off: plan.backingOff,
    verifications: unproven.length,
    duration_ms: now() - startedAt,
  });
  await parts.resealRows(summaries);
}

async function refreshBatch(parts: RefresherParts, keys: readonly TokenKey[]): Promise<void> {
  const { log, metrics, now, watch } = parts;
  const startedAt = now();
  await watch.ensureCurrent();
  const outcomes = await settleAll(keys, keys.length, (key) =>
    parts.slots.run(() => refreshKey(parts, key), leaveOut),
  );
  const rejected = outcomes.filter((outcome) => outcome.status === 'rejected');
  const results = outcomes.flatMap((outcome) =>
    outcome.status === 'fulfilled' ? [outcome.value] : [],
  );
  const count = (wanted: KeyResult) => results.filter((result) => result === wanted).length;
  for (const outcome of KEY_RESULTS) {
    metrics.count('tokens.refreshed', { outcome }, count(outcome));
  }
  metrics.count('tokens.refreshed', { outcome: 'failed' }, rejected.length);
  log.info('refresh.batch', {
    keys: keys.length,
    refreshed: count('entra'),
    already_fresh: count('table'),
    degraded: count('degraded'),
    skipped: count('skipped'),
    failed: rejected.length,
    duration_ms: now() - startedAt,
  });
  const unexpected = rejected.find(({ reason }) => !(reason instanceof BrokerError));
  if (unexpected) throw unexpected.reason;
}

const KEY_RESULTS = ['entra', 'table', 'degraded', 'skipped'] as const;

type KeyResult = (typeof KEY_RESULTS)[number];

/** The next run of the timer finds the key again. */
const leaveOut = (): Promise<KeyResult> => Promise.resolve('skipped');

/** The tenant's status may have changed since the batch was planned. */
async function refreshKey(
  { directory, broker }: RefresherParts,
  key: TokenKey,
): Promise<KeyResult> {
  const tenant = await directory.get(key.tenantId);
  if (!tenant || !isServed(tenant)) return 'skipped';
  const { token, source } = await broker.refresh(key);
  return token.degraded ? 'degraded' : source;
}

async function readAllSummaries(store: TokenStore): Promise<readonly TokenSummary[]> {
  const summaries: TokenSummary[] = [];
  for await (const page of store.summaries()) summaries.push(...page);
  return summaries;
}
