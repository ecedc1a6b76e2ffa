import { createBoundedMap } from '../bounded-map.ts';
import type { Operation } from '../callers/operation.ts';
import { BrokerError } from '../errors.ts';
import { type Calls, mergeCalls, spend, toWait } from '../incidents/sync/budget.ts';
import type { SyncStateStore } from '../incidents/sync/sync-state.ts';
import type { IncidentSourceName } from '../resources/incident-sources.ts';
import { isIncidentSource } from '../resources/incident-sources.ts';
import { RESOURCES, type ResourceName } from '../resources/resources.ts';
import { toAskedDelayMs } from '../retry/delay.ts';
import { findRetryAfter, type ReadableHeaders, toRetryAfterSeconds } from '../retry/retry-after.ts';
import { createSingleFlight } from '../single-flight.ts';
import { change } from '../store.ts';
import type { ApiAnswer } from './api-answer.ts';
import type { ApiCalls, ApiCallsKey, ApiCallsStore } from './api-calls.ts';

/** A call as its budget sees it. */
export interface BudgetedCall {
  readonly tenantId: string;
  readonly resource: ResourceName;
  readonly segments: Operation['segments'];
}

/**
 * What proxied calls may use of what Microsoft allows for a customer. Only the incidents' APIs have
 * a quota that is shared with the sync: the proxy may use 60 % of it, and nothing that the sync has
 * used, so that incidents keep coming in. A process takes calls from the shared count in blocks of
 * five. Where an API asks for a pause, calls below the same path wait.
 */
export interface CallBudget {
  /** Takes one call; rejects with `temporarily_unavailable` when the customer has to be spared. */
  take(call: BudgetedCall): Promise<void>;
  /** Notes how the API answered. */
  note(call: BudgetedCall, answer: ApiAnswer): Promise<void>;
}

/** The part of the quota that callers of the proxy may use. */
const PROXY_PART = 0.6;

/** Calls that a process takes at once, and how long it may take to use them. */
const BLOCK_CALLS = 5;
const BLOCK_AGE_MS = 20_000;

interface Block {
  readonly until: number;
  left: number;
}

/** What the budget is made of. */
interface CallBudgetParts {
  readonly records: ApiCallsStore;
  readonly syncStates: Pick<SyncStateStore, 'find'>;
  readonly defaultSource: IncidentSourceName;
  readonly now: () => number;
}

/** Creates the budget of one process over the shared counts. */
export function createCallBudget(parts: CallBudgetParts): CallBudget {
  const { now } = parts;
  const pausedUntil = createBoundedMap<number>();
  const blocks = createBoundedMap<Block>();
  const share = createSingleFlight<Block>();

  const takeShared = async (key: ApiCallsKey) => {
    const name = `${key.tenantId}|${key.resource}`;
    for (;;) {
      const block = blocks.get(name);
      if (block && block.left > 0 && now() < block.until) {
        block.left--;
        return;
      }
      blocks.set(name, await share(name, () => claim(parts, key)));
    }
  };

  return {
    async take(call) {
      const wait = (pausedUntil.get(toPart(call)) ?? 0) - now();
      if (wait > 0) throw toPausedError(wait);
      const key = findSharedKey(call);
      if (key) await takeShared(key);
    },
    async note(call, { status, headers }) {
      const wait = findPause(status, headers, now());
      if (wait === undefined) return;
      pausedUntil.set(toPart(call), now() + wait);
      const key = findSharedKey(call);
      // The answer is the caller's also when the pause can't be noted.
      if (key) await block(parts, key, now() + wait).catch(() => undefined);
    },
  };
}

/** Counts some calls ahead, under the version that was read. */
async function claim(
  { records, syncStates, defaultSource, now }: CallBudgetParts,
  key: ApiCallsKey,
): Promise<Block> {
  const sync = (await syncStates.find(key.tenantId))?.value;
  const isSynced = sync !== undefined && (sync.source ?? defaultSource) === key.resource;
  const syncCalls: Calls = isSynced ? sync.calls : [];
  const throttledUntil =
    isSynced && sync.failure?.problem === 'throttled' ? sync.failure.retryAt : 0;
  await change<ApiCallsKey, ApiCalls>(records, key, (current) => {
    const { calls, blockedUntil } = current ?? { calls: [], blockedUntil: 0 };
    const paused = Math.max(blockedUntil, throttledUntil) - now();
    if (paused > 0) throw toPausedError(paused);
    const both = mergeCalls(calls, syncCalls);
    const wait = Math.max(toWait(calls, now(), PROXY_PART), toWait(both, now()));
    if (wait > 0) throw toSpentError(wait);
    return { ...key, calls: spend(calls, now(), BLOCK_CALLS), blockedUntil };
  });
  return { left: BLOCK_CALLS, until: now() + BLOCK_AGE_MS };
}

/** The sync is to wait, too. */
async function block({ records }: CallBudgetParts, key: ApiCallsKey, until: number): Promise<void> {
  await change<ApiCallsKey, ApiCalls>(records, key, (current) => {
    const { calls, blockedUntil } = current ?? { calls: [], blockedUntil: 0 };
    if (blockedUntil >= until) return current;
    return { ...key, calls, blockedUntil: until };
  });
}

/** Where a call counts against the sync's quota, too; `undefined`: nowhere. */
function findSharedKey({ tenantId, resource, segments }: BudgetedCall): ApiCallsKey | undefined {
  if (!isIncidentSource(resource)) return undefined;
  const parts = RESOURCES[resource].incidents.quotaPath.split('/');
  const isShared = parts.every((part, index) => isPart(part, segments[index]?.toLowerCase()));
  return isShared ? { tenantId, resource } : undefined;
}

/** OData may put a key in brackets behind the last part: `incidents(12)`. */
function isPart(part: string, segment: string | undefined): boolean {
  if (segment === undefined) return false;
  return part === '*' || segment === part || segment.startsWith(`${part}(`);
}

/**
 * The part of an API that is throttled by itself: `api/incidents`, `v1.0/users`,
 * `v1.0/security/incidents`.
 */
function toPart({ tenantId, resource, segments }: BudgetedCall): string {
  const length = segments[1]?.toLowerCase() === 'security' ? 3 : 2;
  return [tenantId, resource, ...segments.slice(0, length)].join('|').toLowerCase();
}

function findPause(status: number, headers: ReadableHeaders, now: number): number | undefined {
  if (status !== 429 && status !== 503) return undefined;
  const asked = findRetryAfter(headers, now);
  return status === 429 ? toAskedDelayMs('proxy.throttled', asked) : asked;
}

function toPausedError(waitMs: number): BrokerError {
  return new BrokerError('temporarily_unavailable', 'The API throttles this customer.', {
    owner: 'microsoft',
    remedy: 'Wait for the time in Retry-After.',
    retryAfterSeconds: toRetryAfterSeconds(waitMs),
    isLocal: true,
  });
}

function toSpentError(waitMs: number): BrokerError {
  const description = "The calls that Microsoft allows for this customer's incidents are used up.";
  return new BrokerError('temporarily_unavailable', description, {
    owner: 'caller',
    remedy:
      'Wait for the time in Retry-After, or read GET /api/incidents, which costs the customer no call.',
    retryAfterSeconds: toRetryAfterSeconds(waitMs),
    isLocal: true,
  });
}
