import { createHash } from 'node:crypto';
import { runQuery } from '../../../../local/defender/hunting/kql/run-query.ts';
import {
  type Column,
  formatDatetime,
  type Relation,
  type Row,
  TICKS_PER_MS,
} from '../../../../local/defender/hunting/kql/value.ts';
import { findInterval } from '../../../../local/defender/hunting/timespan.ts';
import { createDispatchHunts } from '../../../../shared/hunting/dispatch-hunts.ts';
import type { Hunt, HuntRun } from '../../../../shared/hunting/hunt.ts';
import type { HuntAccess } from '../../../../shared/hunting/hunt-access.ts';
import {
  type ApiProblem,
  HuntingApiError,
  type RunHuntingQuery,
} from '../../../../shared/hunting/hunting-api.ts';
import type { HuntQuota } from '../../../../shared/hunting/quota.ts';
import { createReadResults } from '../../../../shared/hunting/results/read-results.ts';
import { createFindTask } from '../../../../shared/hunting/run/find-task.ts';
import { admitRuns, createProgress } from '../../../../shared/hunting/run/progress.ts';
import { createRunHunt } from '../../../../shared/hunting/run/run-hunt.ts';
import type { RunHuntParts, RunKey } from '../../../../shared/hunting/run/run-parts.ts';
import { createGetWindow } from '../../../../shared/hunting/window.ts';
import { createMeter } from '../../../../shared/telemetry/meter.ts';
import { createTenant } from '../../../../shared/tenants/tenant.ts';
import { createClock } from '../../../support/clock.ts';
import { createRecordedLog } from '../../../support/log.ts';
import { createMemoryStore } from '../../incidents/memory.ts';
import { type Steps, UNHARMED } from '../../incidents/sync/killable.ts';
import { createMemoryHunts, createMemoryResults } from '../memory.ts';
import { createHunt, createRun } from './hunt-values.ts';

const DAY = 24 * 60 * 60_000;

/** A customer's table `T`: the times of its rows, as a part of the thirty days before the hunt (0 to 1). */
export interface CustomerData {
  readonly times: readonly number[];
  /** Rows that Microsoft answers at most at this customer; what is more is too large. */
  readonly most: number;
}

const COLUMNS: readonly Column[] = [
  { name: 'Timestamp', type: 'datetime' },
  { name: 'Id', type: 'long' },
  { name: 'Kind', type: 'string' },
];

/** The id of the n-th customer. */
export function toTenantId(index: number): string {
  return `${createHash('sha256').update(String(index)).digest('hex').slice(0, 8)}-0000-4000-8000-00000000000${index % 10}`;
}

/** Customers, a queue that is a list, and a clock that stands. */
export function createHuntEnvironment(customers: readonly CustomerData[], concurrency = 3) {
  const clock = createClock();
  const start = clock.now();
  const hunts = createMemoryHunts();
  const results = createMemoryResults();
  const quotas = createMemoryStore<HuntQuota>(({ tenantId }) => tenantId);
  const queue: { key: RunKey; at: number }[] = [];
  const faults = new Map<string, ApiProblem[]>();
  const calls: { tenantId: string; query: string }[] = [];
  const { now } = clock;

  const tables = new Map(customers.map((data, index) => [toTenantId(index), toTable(data, start)]));
  const mostOf = new Map(customers.map(({ most }, index) => [toTenantId(index), most]));

  const find = (tenantId: string) => ({
    ...createTenant(tenantId, start),
    status: 'active' as const,
  });
  const access: HuntAccess = {
    ensureCurrent: () => undefined,
    findNamed: (_, name) => Promise.resolve(find(name)),
    findHuntable: (_, tenantId) => Promise.resolve(find(tenantId)),
    mayHunt: () => Promise.resolve(true),
  };

  /** Runs the query as the stand-in does; the token says whose it is. */
  const runQueryAt: RunHuntingQuery = async (
    { accessToken: tenantId, query, timespan },
    takeRow,
  ) => {
    calls.push({ tenantId, query });
    const fault = faults.get(tenantId)?.shift();
    const answer = ask(query, { table: tables.get(tenantId), timespan, now: now() });
    const most = mostOf.get(tenantId) ?? 0;
    if (answer.rows.length > most) throw new HuntingApiError({ kind: 'too_large' });
    // What breaks in the middle was good until then.
    const whole = fault ? answer.rows.slice(0, answer.rows.length / 2) : answer.rows;
    for (const row of whole) if (!(await takeRow(row))) return { columns: answer.columns };
    if (fault) throw new HuntingApiError(fault);
    return { columns: answer.columns };
  };

  const createProcess = (steps: Steps = UNHARMED) => {
    const watched = steps.watch(results.store);
    const parts: RunHuntParts = {
      hunts: steps.watch(hunts),
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
      findTask: createFindTask({ hunts, results: results.store }),
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
    createProcess,
    failNext: (index: number, problem: ApiProblem) => {
      const tenantId = toTenantId(index);
      faults.set(tenantId, [...(faults.get(tenantId) ?? []), problem]);
    },
    /** Makes a hunt at all customers, with its first messages. */
    async begin(query: string, change: Partial<Hunt> = {}): Promise<Hunt> {
      const hunt = createHunt({ createdAt: now(), ...change });
      const runs: HuntRun[] = customers.map((_, index) =>
        createRun({ huntId: hunt.id, index, tenantId: toTenantId(index), dueAt: now() }),
      );
      const first = createProgress(runs.length, 0, now());
      const { progress, admitted } = admitRuns(first, concurrency);
      await results.store.putQuery(hunt.id, query);
      await hunts.create(hunt, progress, runs);
      for (const index of admitted) queue.push({ key: { huntId: hunt.id, index }, at: now() });
      return hunt;
    },
    /** What a query answers at a customer if all goes well. */
    expectRows: (index: number, query: string): readonly string[] =>
      ask(query, { table: tables.get(toTenantId(index)), timespan: undefined, now: start }).rows,
    readResults: createReadResults({
      hunts,
      results: results.store,
      access,
      cursors: {
        seal: (_, position) => Promise.resolve(JSON.stringify(position)),
        open: (_, cursor) => Promise.resolve(JSON.parse(cursor)),
      },
    }),
  };
}

/** What a test of runs stands in. */
export type HuntEnvironment = ReturnType<typeof createHuntEnvironment>;

function toTable({ times }: CustomerData, start: number): Relation {
  const rows = times.map((time, id): Row => {
    const at = BigInt(Math.floor(start - 30 * DAY + time * (30 * DAY - 1))) * TICKS_PER_MS;
    return [at, id, id % 3 === 0 ? 'a' : 'b'];
  });
  return { columns: COLUMNS, rows };
}

function ask(
  query: string,
  {
    table,
    timespan,
    now,
  }: { table: Relation | undefined; timespan: string | undefined; now: number },
) {
  const interval = findInterval(timespan ?? 'P60D', now);
  const findTable = (name: string) => {
    if (name !== 'T' || !table || !interval) return undefined;
    const { from, to } = interval;
    const rows = [...table.rows].filter(([at]) => Number(at) >= from && Number(at) <= to);
    return { columns: table.columns, rows };
  };
  const { columns, rows } = runQuery(query, { findTable, now: BigInt(now) * TICKS_PER_MS });
  return {
    columns: columns.map(({ name, type }) => ({ name, type })),
    rows: [...rows].map((row) =>
      JSON.stringify(
        Object.fromEntries(
          columns.map(({ name, type }, place) => [name, toJson(row[place] ?? null, type)]),
        ),
      ),
    ),
  };
}

function toJson(value: Row[number], type: string): unknown {
  if (typeof value !== 'bigint') return value;
  return type === 'datetime' ? formatDatetime(value) : Number(value);
}
