import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Hunt, HuntRun } from '../../../../shared/hunting/hunt.ts';
import type { ApiProblem } from '../../../../shared/hunting/hunting-api.ts';
import { toHuntVerdict } from '../../../../shared/hunting/verdict.ts';
import { MINUTE, SECOND } from '../../../support/clock.ts';
import { runs } from '../../../support/runs.ts';
import { createKilled, createPaused, UNHARMED } from '../../incidents/sync/killable.ts';
import { toLines } from '../memory.ts';
import { type CustomerData, toTenantId } from './customer-data.ts';
import { CALLER, createHuntEnvironment, type HuntEnvironment } from './hunt-environment.ts';
import { settle, take } from './queue.ts';

/** Row-wise ones and others; the last looks at the clock. */
const QUERIES = [
  'T | project Timestamp, Id, Kind',
  'T | where Kind == "a" | project Id',
  'T | project Id, Kind | where Kind == "b"',
  'T | summarize Rows = count() by Kind',
  'T | sort by Id desc | project Id',
  'T | where Timestamp > ago(10d) | project Id',
  'T | top 20 by Id asc | project Id',
] as const;

const PROBLEMS: readonly ApiProblem[] = [
  { kind: 'unavailable' },
  { kind: 'malformed' },
  { kind: 'preempted' },
  { kind: 'timed_out' },
  { kind: 'too_large' },
  { kind: 'unauthorized' },
  { kind: 'throttled', reason: 'calls', retryAfterMs: undefined },
  { kind: 'throttled', reason: 'cpu', retryAfterMs: 200_000 },
  { kind: 'missing_table', missing: 'T', refusal: { sentence: 'x', line: 1, column: 1 } },
];

/** No process takes so many steps. */
const ALIVE = 1_000_000;

/**
 * Any, and those where the time is cut: spans begin there. Many at the same moment can't be cut
 * apart.
 */
const time = fc.oneof(
  fc.double({ min: 0, max: 1, noNaN: true }),
  fc.integer({ min: 0, max: 400 }).map((bin) => bin / 400),
  fc.integer({ min: 0, max: 8 }).map((part) => part / 8),
);

const customer: fc.Arbitrary<CustomerData> = fc.record({
  times: fc.array(time, { maxLength: 60, size: 'max' }),
  most: fc.integer({ min: 3, max: 80 }),
  countsFit: fc.boolean(),
});

type Event =
  | {
      readonly kind: 'deliver';
      readonly killedAfter: number;
      readonly isDone: boolean;
      readonly isLost: boolean;
    }
  | { readonly kind: 'deliver_twice' }
  | { readonly kind: 'deliver_slowly'; readonly pausedAfter: number }
  | { readonly kind: 'lose_answers'; readonly count: number; readonly after: number }
  | { readonly kind: 'timer' }
  | { readonly kind: 'pass'; readonly ms: number }
  | { readonly kind: 'fault'; readonly customer: number; readonly problem: ApiProblem };

const event: fc.Arbitrary<Event> = fc.oneof(
  fc.record({
    kind: fc.constant('deliver' as const),
    // Mostly it lives.
    killedAfter: fc.oneof(
      { weight: 2, arbitrary: fc.constant(ALIVE) },
      fc.integer({ min: 1, max: 30 }),
    ),
    isDone: fc.boolean(),
    isLost: fc.boolean(),
  }),
  fc.record({ kind: fc.constant('deliver_twice' as const) }),
  fc.record({
    kind: fc.constant('deliver_slowly' as const),
    pausedAfter: fc.integer({ min: 1, max: 15 }),
  }),
  fc.record({
    kind: fc.constant('lose_answers' as const),
    count: fc.integer({ min: 1, max: 2 }),
    after: fc.nat(4),
  }),
  fc.record({ kind: fc.constant('timer' as const) }),
  fc.record({ kind: fc.constant('pass' as const), ms: fc.integer({ min: 1, max: 8 * MINUTE }) }),
  fc.record({
    kind: fc.constant('fault' as const),
    customer: fc.nat(4),
    problem: fc.constantFrom(...PROBLEMS),
  }),
);

const scenario = fc.record({
  customers: fc.array(customer, { minLength: 1, maxLength: 5, size: 'max' }),
  query: fc.constantFrom(...QUERIES),
  maxRows: fc.oneof(fc.constant(1_000_000), fc.integer({ min: 1, max: 40 })),
  maxTotalRows: fc.oneof(fc.constant(5_000_000), fc.integer({ min: 1, max: 100 })),
  isSpared: fc.boolean(),
  events: fc.array(event, { maxLength: 40, size: 'max' }),
});

/** One process sleeps through its lease, and another one takes its work meanwhile. */
async function deliverSlowly(environment: HuntEnvironment, pausedAfter: number): Promise<void> {
  const message = take(environment);
  if (!message) return;
  const other = environment.createProcess();
  const steps = createPaused(pausedAfter, async () => {
    environment.clock.pass(6 * MINUTE);
    await other.runHunt(message.key);
  });
  await environment.createProcess(steps).runHunt(message.key);
}

async function play(environment: HuntEnvironment, happened: Event): Promise<void> {
  switch (happened.kind) {
    case 'deliver': {
      const message = take(environment);
      if (!message) return;
      const steps = createKilled(happened.killedAfter, happened.isDone);
      const process = environment.createProcess(steps);
      await process.runHunt(message.key).catch(() => {
        // The queue delivers it again when its lease has ended, unless it is lost.
        if (!happened.isLost)
          environment.queue.push({ ...message, at: environment.clock.now() + 10 * MINUTE });
      });
      return;
    }
    case 'deliver_twice': {
      const message = take(environment);
      if (!message) return;
      const [one, other] = [environment.createProcess(), environment.createProcess()];
      await Promise.all([one.runHunt(message.key), other.runHunt(message.key)]);
      return;
    }
    case 'deliver_slowly':
      return await deliverSlowly(environment, happened.pausedAfter);
    case 'lose_answers':
      return environment.loseAnswers(happened.count, happened.after);
    case 'timer':
      return await environment.createProcess(UNHARMED).dispatch();
    case 'pass':
      return environment.clock.pass(happened.ms);
    case 'fault':
      return environment.failNext(happened.customer, happened.problem);
  }
}

/** Reads on from a cursor to where the results end now. */
async function readOn(environment: HuntEnvironment, hunt: Hunt, cursor: string | undefined) {
  const progress = (await environment.hunts.findProgress(hunt.id))?.value;
  if (!progress) throw new Error('The hunt is gone.');
  return await environment.readResults({
    caller: CALLER,
    hunt,
    progress,
    cursor,
    format: 'ndjson',
  });
}

/** Reads with one cursor while the hunt runs, and no more once it says that this was all. */
function createFollower(environment: HuntEnvironment, hunt: Hunt) {
  const followed: string[] = [];
  let cursor: string | undefined;
  let isAtEnd = false;
  return {
    followed,
    async follow() {
      if (isAtEnd) return;
      const page = await readOn(environment, hunt, cursor);
      followed.push(...toLines(page));
      cursor = page.next;
      isAtEnd = page.next === undefined;
    },
  };
}

function toRows(lines: readonly string[], tenantId: string): readonly string[] {
  return lines
    .map((line) => JSON.parse(line))
    .filter((row) => row.tenant_id === tenantId)
    .map(({ tenant_id: _, tenant_name: __, ...row }) => JSON.stringify(row));
}

function expectTruth(run: HuntRun, rows: readonly string[], all: readonly string[]) {
  const left = [...all];
  const foreign = rows.filter((row) => {
    const at = left.indexOf(row);
    if (at !== -1) left.splice(at, 1);
    return at === -1;
  });
  // An aggregate of a part of the rows does not exist: it is asked as a whole.
  expect(foreign).toEqual([]);
  expect(rows).toHaveLength(run.rows);
  if (toHuntVerdict(run.problem) === 'complete') expect(left).toEqual([]);
}

function isKill(one: Event): boolean {
  return one.kind === 'deliver' && one.killedAfter < ALIVE;
}

/** Only a process that was killed may leave blobs behind that do not count. */
async function expectNoLeftovers(
  { hunts, results }: HuntEnvironment,
  { id }: Hunt,
  events: readonly Event[],
) {
  if (events.some(isKill)) return;
  const parts = await hunts.listParts(id, 0, Number.POSITIVE_INFINITY);
  const counted = parts.reduce((sum, { chunks }) => sum + chunks.length, 0);
  expect(results.countBlobs()).toBe(counted);
}

test('after any history of faults and kills a customer has exactly its rows, or a verdict that says why not', async () => {
  await fc.assert(
    fc.asyncProperty(scenario, async ({ customers, query, isSpared, events: drawn, ...limits }) => {
      const environment = createHuntEnvironment(customers);
      const hunt = await environment.begin(query, limits);
      const events = isSpared ? drawn.filter((one) => !isKill(one)) : drawn;
      const reader = createFollower(environment, hunt);
      for (const happened of events) {
        await play(environment, happened);
        await reader.follow();
      }
      environment.loseAnswers(0);
      await settle(environment, hunt);
      await reader.follow();
      const { followed } = reader;
      const progress = (await environment.hunts.findProgress(hunt.id))?.value;
      const page = await readOn(environment, hunt, undefined);
      const lines = toLines(page);
      expect(page.next).toBeUndefined();
      expect(followed).toEqual(lines);
      const runs = await environment.hunts.listRuns(hunt.id, 0, 100);
      for (const run of runs) {
        expectTruth(
          run,
          toRows(lines, run.tenantId ?? ''),
          environment.expectRows(run.index, query),
        );
        expect(run.rows).toBeLessThanOrEqual(limits.maxRows);
      }
      await expectNoLeftovers(environment, hunt, events);
      expect(lines.length).toBe(progress?.rows);
      expect(lines.length).toBeLessThanOrEqual(limits.maxTotalRows);
      expect(progress).toMatchObject({
        ended: customers.length,
        waiting: 0,
        started: customers.length,
      });
      const counted = Map.groupBy(runs, (run) => toHuntVerdict(run.problem));
      expect(progress?.verdicts).toEqual(
        Object.fromEntries([...counted].map(([verdict, all]) => [verdict, all.length])),
      );
    }),
    { numRuns: runs(14) },
  );
});

test('without faults every customer is complete, however small the answers have to be', async () => {
  const customers = Array.from({ length: 4 }, (_, index) => ({
    times: Array.from({ length: 200 }, (__, row) => ((row * 7919 + index) % 1000) / 1000),
    most: 5 + index * 30,
    countsFit: true,
  }));
  const environment = createHuntEnvironment(customers);
  const hunt = await environment.begin('T | project Id');
  await settle(environment, hunt);
  const progress = (await environment.hunts.findProgress(hunt.id))?.value;
  expect(progress).toMatchObject({ rows: 800, verdicts: { complete: 4 } });
});

test('a process that dies holds a customer up for little more than its lease', async () => {
  const environment = createHuntEnvironment([{ times: [0.5], most: 10, countsFit: true }]);
  const hunt = await environment.begin('T | project Id');
  const message = take(environment);
  const dying = environment.createProcess(createKilled(4, true));
  await expect(dying.runHunt(message?.key ?? { huntId: '', index: 0 })).rejects.toThrow('killed');
  const alive = environment.createProcess();
  let waited = 0;
  for (
    ;
    waited < 20 && (await environment.hunts.findProgress(hunt.id))?.value.finishedAt === undefined;
    waited++
  ) {
    environment.clock.pass(MINUTE);
    await alive.dispatch();
    for (let next = take(environment); next; next = take(environment))
      await alive.runHunt(next.key);
  }
  expect(waited).toBeLessThanOrEqual(6);
});

test('a customer that waits for Microsoft keeps no other one waiting, and is asked when it may be', async () => {
  const customers = Array.from({ length: 5 }, () => ({
    times: [0.1, 0.9],
    most: 10,
    countsFit: true,
  }));
  const environment = createHuntEnvironment(customers, 1);
  environment.failNext(0, { kind: 'throttled', reason: 'cpu', retryAfterMs: 9 * MINUTE });
  const hunt = await environment.begin('T | project Id');
  const process = environment.createProcess();
  for (let next = take(environment); next; next = take(environment))
    await process.runHunt(next.key);
  const before = await readOn(environment, hunt, undefined);
  expect(before.rows).toBe(8);
  expect(toRows(toLines(before), toTenantId(0))).toEqual([]);
  environment.clock.pass(9 * MINUTE + SECOND);
  await settle(environment, hunt);
  expect((await readOn(environment, hunt, undefined)).rows).toBe(10);
});
