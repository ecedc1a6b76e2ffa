import type { Log } from '../../log.ts';
import type { Metrics } from '../../telemetry/metrics.ts';
import type { HuntAccess } from '../hunt-access.ts';
import type { HuntStore } from '../hunt-store.ts';
import type { RunHuntingQuery } from '../hunting-api.ts';
import type { QuotaStore } from '../quota.ts';
import type { ResultStore } from '../result-store.ts';
import type { GetWindow } from '../window.ts';
import type { GetHuntingToken } from './find-target.ts';
import type { FindTask } from './find-task.ts';

/** Names the work for one customer of a hunt. */
export interface RunKey {
  readonly huntId: string;
  readonly index: number;
}

/** Puts a run's message into the queue, to be delivered after a delay in milliseconds. */
export type EnqueueRun = (key: RunKey, delayMs: number) => Promise<void>;

/** What the work for a customer is made of. */
export interface RunHuntParts {
  readonly hunts: HuntStore;
  readonly results: ResultStore;
  readonly quotas: QuotaStore;
  readonly access: HuntAccess;
  readonly getToken: GetHuntingToken;
  /**
   * Until when Microsoft Graph pauses the tenant's incident sync, if it does (epoch milliseconds).
   */
  readonly findSyncPause: (tenantId: string) => Promise<number | undefined>;
  readonly runQuery: RunHuntingQuery;
  readonly findTask: FindTask;
  readonly enqueue: EnqueueRun;
  /** How many customers of one hunt may be asked at the same time now. */
  readonly getWindow: GetWindow;
  readonly sleep: (ms: number) => Promise<unknown>;
  readonly metrics: Metrics;
  readonly log: Log;
  readonly now: () => number;
}
