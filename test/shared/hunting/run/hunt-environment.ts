import { once } from 'node:events';
import type { Caller } from '../../../../shared/callers/caller.ts';
import { createCreateHunt, type HuntInput } from '../../../../shared/hunting/admin/create-hunt.ts';
import { createDispatchHunts } from '../../../../shared/hunting/dispatch-hunts.ts';
import type { Hunt } from '../../../../shared/hunting/hunt.ts';
import type { HuntAccess } from '../../../../shared/hunting/hunt-access.ts';
import type { HuntStore } from '../../../../shared/hunting/hunt-store.ts';
import {
  type ApiProblem,
  HuntingApiError,
  type RunHuntingQuery,
} from '../../../../shared/hunting/hunting-api.ts';
import { COUNT_COLUMN } from '../../../../shared/hunting/kql/edit-query.ts';
import { createSealedQueries } from '../../../../shared/hunting/query/sealed-query.ts';
import type { HuntQuota } from '../../../../shared/hunting/quota.ts';
import { createRefuseHunt } from '../../../../shared/hunting/refuse-hunt.ts';
import { createReadResults } from '../../../../shared/hunting/results/read-results.ts';
import { createFindTask } from '../../../../shared/hunting/run/find-task.ts';
import { createRunHunt } from '../../../../shared/hunting/run/run-hunt.ts';
import type { RunHuntParts, RunKey } from '../../../../shared/hunting/run/run-parts.ts';
import { createGetWindow } from '../../../../shared/hunting/window.ts';
import { createMeter } from '../../../../shared/telemetry/meter.ts';
import { createTenant } from '../../../../shared/tenants/tenant.ts';
import { createClock } from '../../../support/clock.ts';
import { createFixedSeal, createRingKey } from '../../../support/key-ring.ts';
import { createRecordedLog } from '../../../support/log.ts';
import { createMemoryStore } from '../../incidents/memory.ts';
import { type Steps, UNHARMED } from '../../incidents/sync/killable.ts';
import { createMemoryHunts, createMemoryResults } from '../memory.ts';
import { ask, type CustomerData, toTable, toTenantId } from './customer-data.ts';

/** Customers, a queue that is a list, and a clock that stands. */
export function createHuntEnvironment(
  customers: readonly CustomerData[],
  concurrency = 3,
  hunts: HuntStore = createMemoryHunts(),
) {
  const clock = createClock();
  const start = clock.now();
  const results = createMemoryResults();
  const quotas = createMemoryStore<HuntQuota>(({ tenantId }) => tenantId);
  const queue: { key: RunKey; at: number }[] = [];
  const faults = new Map<string, ApiProblem[]>();
  const calls: { tenantId: string; query: string }[] = [];
  const { now } = clock;

  const tables = new Map(customers.map((data, index) => [toTenantId(index), toTable(data, start)]));
  const dataOf = new Map(customers.map((data, index) => [toTenantId(index), data]));
  const hanging = new Set<string>();
  const lost = { after: 0, answers: 0 };

  const find = (tenantId: string) => ({
    ...createTenant(tenantId, start),
    status: 'active' as const,
  });
  const access: HuntAccess = {
    ensureCurrent: () => undefined,
    isBlocked: () => false,
    findNamed: (_, name) => Promise.resolve(find(name)),
    findHuntable: (_, tenantId) => Promise.resolve(find(tenantId)),
    mayHunt: () => Promise.resolve(true),
  };

  /** Runs the query as the stand-in does; the token says whose it is. */
  const runQueryAt: RunHuntingQuery = async (
    { accessToken: tenantId, query, timespan, signal },
    takeRow,
  ) => {
    calls.push({ tenantId, query });
    if (hanging.has(tenantId)) await awaitAbort(signal);
    const fault = faults.get(tenantId)?.shift();
    const answer = ask(query, { table: tables.get(tenantId), timespan, now: now() });
    if (isTooLarge(answer, dataOf.get(tenantId))) throw new HuntingApiError({ kind: 'too_large' });
    // What breaks in the middle was good until then.
    const whole = fault ? answer.rows.slice(0, answer.rows.length / 2) : answer.rows;
    for (const row of whole) if (!(await takeRow(row))) return { columns: answer.columns };
    if (fault) throw new HuntingApiError(fault);
    return { columns: answer.columns };
  };

  const { seal } = createFixedSeal(createRingKey('ring'));
  const refused: unknown[] = [];
  const refuse = createRefuseHunt({ report: (refusal) => void refused.push(refusal) });
  const sealedQueries = createSealedQueries({ results: results.store, seal, refuse });

  const createHunt = createCreateHunt({
    hunts,
    sealedQueries,
    tenants: { list: () => Promise.resolve({ tenants: [], next: undefined }) },
    access,
    findSavedQuery: () => Promise.reject(new Error('Nothing is saved.')),
    seal,
    enqueue: (key, delayMs) => Promise.resolve(void queue.push({ key, at: now() + delayMs })),
    getWindow: createGetWindow({ hunts, concurrency, now }),
    now,
  });

  const createProcess = (steps: Steps = UNHARMED) => {
    const watched = steps.watch(results.store);
    const parts: RunHuntParts = {
      hunts: steps.watch(withLostAnswers(hunts, lost)),
      results: {
        ...watched,
        openPart: (...target) => steps.watch(results.store.openPart(...target)),
      },
      quotas: steps.watch(quotas),
      access,
      getToken: (tenantId) =>
        Promise.resolve({ accessToken: tenantId, roles: ['ThreatHunting.Read.All'] }),
      findSyncPause: () => Promise.resolve(undefined),
      runQuery: steps.watch({ runQuery: runQueryAt }).runQuery,
      findTask: createFindTask({ hunts, sealedQueries }),
      ...steps.watch({
        enqueue: (key: RunKey, delayMs: number) =>
          Promise.resolve(void queue.push({ key, at: now() + delayMs })),
      }),
      getWindow: createGetWindow({ hunts, concurrency, now }),
      sleep: () => Promise.resolve(),
      metrics: createMeter(),
      log: createRecordedLog(),
      now,
    };
    return { runHunt: createRunHunt(parts), dispatch: createDispatchHunts(parts) };
  };

  return {
    clock,
    hunts,
    results,
    queue,
    calls,
    access,
    sealedQueries,
    refused,
    createProcess,
    failNext: (index: number, problem: ApiProblem) => {
      const tenantId = toTenantId(index);
      faults.set(tenantId, [...(faults.get(tenantId) ?? []), problem]);
    },
    /**
     * Some of the next writes take place and say that they did not: an answer was lost, and the
     * write repeated.
     */
    loseAnswers: (answers: number, after = 0) => {
      Object.assign(lost, { answers, after });
    },
    /** Calls at a customer do not come back before their signal is given. */
    hang: (index: number) => hanging.add(toTenantId(index)),
    recover: () => hanging.clear(),
    createHunt,
    /** Makes a hunt at all customers, with its first messages. */
    async begin(
      query: string,
      limits: { maxRows?: number; maxTotalRows?: number } = {},
    ): Promise<Hunt> {
      const { hunt } = await createHunt({
        ...toInput(query),
        tenants: customers.map((_, index) => toTenantId(index)),
        ...limits,
      });
      return hunt;
    },
    /** What a query answers at a customer if all goes well. */
    expectRows: (index: number, query: string): readonly string[] =>
      ask(query, { table: tables.get(toTenantId(index)), timespan: undefined, now: start }).rows,
    readResults: createReadResults({
      hunts,
      results: results.store,
      access,
      refuse,
      cursors: {
        seal: (_, position) => Promise.resolve(JSON.stringify(position)),
        open: (_, cursor) => Promise.resolve(JSON.parse(cursor)),
      },
    }),
  };
}

/** What a test of runs stands in. */
export type HuntEnvironment = ReturnType<typeof createHuntEnvironment>;

function withLostAnswers(hunts: HuntStore, lost: { after: number; answers: number }): HuntStore {
  const lose = <T>(written: T): T | undefined => {
    if (lost.answers === 0) return written;
    if (lost.after > 0) {
      lost.after--;
      return written;
    }
    lost.answers--;
    return undefined;
  };
  return {
    ...hunts,
    write: async (write) => lose(await hunts.write(write)),
    replaceRun: async (seen, next) => lose(await hunts.replaceRun(seen, next)),
  };
}

/** A hunt at all that the caller may hunt at, as a caller asks for it. */
export function toInput(text: string): HuntInput {
  return {
    caller: CALLER,
    query: { text, types: {}, values: {} },
    tenants: undefined,
    tag: undefined,
    timespan: undefined,
    maxRows: undefined,
    maxTotalRows: undefined,
    name: undefined,
    record: () => Promise.resolve(),
  };
}

/** Who hunts. */
export const CALLER: Caller = { id: 'hunter', kind: 'application', roles: ['Hunting.Run'] };

function isTooLarge(
  { rows, columns }: ReturnType<typeof ask>,
  { most, countsFit }: Omit<CustomerData, 'times'> = { most: 0, countsFit: false },
): boolean {
  const isCount = columns.some(({ name }) => name === COUNT_COLUMN);
  return rows.length > most && !(countsFit && isCount);
}

async function awaitAbort(signal: AbortSignal | undefined): Promise<never> {
  if (!signal) throw new Error('Nothing ends this call.');
  if (!signal.aborted) await once(signal, 'abort');
  throw new HuntingApiError({ kind: 'aborted' });
}
