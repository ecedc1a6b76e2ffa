import type { Row, SectionResult } from '../report/row.ts';
import { reportSection } from '../report/section.ts';
import { simulateHunt } from '../support/hunt-simulation.ts';
import type { UpstreamCustomer } from '../support/hunt-upstream.ts';
import { runHunt, toTenantId, withHunts } from '../support/hunts-on-azurite.ts';
import { readInProcess, readWorkerArguments } from '../support/read-in-process.ts';

const CONCURRENCY = 20;

/** An operation of Azure Storage takes some 10 ms, in its region. */
const STORAGE_MS = 10;

/** A query of a customer with some data. */
const QUERY_MS = 5000;

/** A query beside the dead and the throttled customer. */
const SHORT_QUERY_MS = 250;

/** Many customers, each of whom answers slowly; the clock is simulated. */
async function measureSchedule(count: number): Promise<Row> {
  const tenantIds = Array.from({ length: count }, (_, index) => toTenantId(index));
  const seconds = await simulateHunt(tenantIds, { queryMs: QUERY_MS, storageMs: STORAGE_MS });
  const ideal = (Math.ceil(count / CONCURRENCY) * QUERY_MS) / 1000;
  return {
    what: `${count.toLocaleString('en-US')} customers × 5 s, 20 at a time, simulated`,
    measured: { value: seconds, unit: 's' },
    against: { name: 'ideal schedule', value: ideal, unit: 's' },
    ratio: seconds / ideal,
    bar: { of: 'ratio', is: 'at most', limit: 1.15 },
  };
}

/** The same on the real clock: rows are written to Azurite while others wait for their answers. */
async function measureRealSchedule(count: number): Promise<Row> {
  const customer = () => ({ rows: 100 });
  const { seconds, progress } = await withHunts({ count, delayMs: QUERY_MS, customer }, runHunt);
  if (progress.verdicts.complete !== count) throw new Error('Some customer is not complete.');
  const ideal = (Math.ceil(count / CONCURRENCY) * QUERY_MS) / 1000;
  return {
    what: `${count} customers × 5 s, 20 at a time, in real time`,
    measured: { value: seconds, unit: 's' },
    against: { name: 'ideal schedule', value: ideal, unit: 's' },
    ratio: seconds / ideal,
  };
}

/** The others' time beside a dead customer and a throttled one. */
async function measureNeighbours(count: number): Promise<Row> {
  const time = async (toFault: (index: number) => UpstreamCustomer['fault']) =>
    await withHunts(
      {
        count,
        delayMs: SHORT_QUERY_MS,
        customer: (index) => ({ rows: 100, ...toOptional(toFault(index)) }),
      },
      async (hunting) => (await runHunt(hunting, count - 2)).seconds,
    );
  const calm = await time(() => undefined);
  const beside = await time((index) => (['dead', 'throttled'] as const)[index]);
  return {
    what: `${count - 2} customers' rows beside a dead and a throttled one`,
    measured: { value: beside, unit: 's' },
    against: { name: 'all well', value: calm, unit: 's' },
    ratio: beside / calm,
    bar: { of: 'ratio', is: 'at most', limit: 1.2 },
  };
}

function toOptional(fault: UpstreamCustomer['fault']) {
  return fault === undefined ? {} : { fault };
}

/**
 * More rows than Microsoft answers at once, at each customer; they are read by a process of its
 * own.
 */
async function measureRows(count: number, rowsEach: number): Promise<readonly Row[]> {
  return await withHunts(
    { count, customer: () => ({ rows: rowsEach }), delayMs: 0 },
    async (hunting) => {
      const { id, seconds, progress } = await runHunt(hunting);
      const { connectionString, suffix, upstream } = hunting;
      const args = [connectionString, suffix, id];
      const read = await readInProcess(args, await readWorkerArguments());
      const unbounded = await readInProcess(args, []);
      const all = count * rowsEach;
      if (progress.verdicts.complete !== count) throw new Error('Some customer is not complete.');
      const rows = toRowCount(all);
      return [
        {
          what: `rows of ${count} customers with ${rowsEach.toLocaleString('en-US')} each, by splitting`,
          measured: { value: progress.rows / all, unit: 'of all' },
          against: {
            name: 'calls for each customer',
            value: upstream.seen.calls / count,
            unit: '',
          },
          bar: { of: 'measured', is: 'at least', limit: 1 },
        },
        {
          what: `time to fetch and store ${rows}`,
          measured: { value: seconds, unit: 's' },
          against: { name: 'to read them again', value: read.seconds, unit: 's' },
          ratio: seconds / read.seconds,
        },
        {
          what: `memory over idle while ${rows} are read as ${read.pages} pages of CSV`,
          measured: { value: read.overIdle, unit: 'MB' },
          against: { name: 'all pages', value: read.bytes / 2 ** 20, unit: 'MB' },
          bar: { of: 'measured', is: 'at most', limit: 64 },
        },
        {
          what: 'the same with the heap that V8 takes on this machine',
          measured: { value: unbounded.overIdle, unit: 'MB' },
          against: { name: 'in the heap of the template', value: read.overIdle, unit: 'MB' },
        },
        {
          what: 'rows that these pages hold',
          measured: { value: read.rows / all, unit: 'of all' },
          against: { name: 'read', value: read.rows / read.seconds, unit: 'rows/s' },
          bar: { of: 'measured', is: 'at least', limit: 1 },
        },
      ];
    },
  );
}

function toRowCount(rows: number): string {
  return `${(rows / 1e6).toLocaleString('en-US')} million rows`;
}

await reportSection(async ({ quick }): Promise<SectionResult> => {
  return {
    rows: [
      await measureSchedule(quick ? 100 : 1000),
      await measureRealSchedule(quick ? 20 : 100),
      await measureNeighbours(22),
      ...(await measureRows(quick ? 3 : 25, quick ? 120_000 : 100_000)),
    ],
    notes: [
      'Schedule: the broker’s own hunts on memory with a simulated clock; a query takes 5 s, an operation of storage 10 ms. In real time, Azurite and the hunts share the processors of one machine: no bar.',
      'Others: on an Azurite on the same machine, in real time; a list is the queue, with as many workers as host.json gives one host.',
      'Memory: of a process that only reads, over what it had after a first page; the heap is bounded as the template bounds it on the smallest instance.',
    ],
  };
});
