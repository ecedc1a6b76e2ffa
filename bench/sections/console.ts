import type { Page } from 'playwright-core';
import { startSandbox } from '../../local/sandbox/sandbox.ts';
import type { Row, SectionResult } from '../report/row.ts';
import { reportSection } from '../report/section.ts';
import { withBrowser } from '../support/browser.ts';
import { startEmptyPage } from '../support/empty-page.ts';
import { measureOverview } from '../support/overview-fixture.ts';
import { openSandboxTable } from '../support/sandbox-table.ts';
import { seedFleet } from '../support/seed-fleet.ts';
import { measureInTurn, median } from '../support/statistics.ts';

/** Bars: the first view with 1,000 customers, a view with 10,000, the overview of 10,000. */
const FIRST_VIEW_MS = 700;
const USABLE_MS = 2000;
const WARM_MS = 20;
const COLD_MS = 600;

const ROW = '[aria-busy=false] [data-row]';

/** Milliseconds until the address shows what the selector names, in a page of its own. */
async function timeView(page: Page, url: string, selector: string): Promise<number> {
  // Another document first: a change of the hash alone loads nothing.
  await page.goto('about:blank');
  const startedAt = performance.now();
  await page.goto(url);
  await page.waitForSelector(selector);
  return performance.now() - startedAt;
}

/** Milliseconds until the list shows what was searched for. */
async function timeSearch(page: Page, url: string): Promise<number> {
  await timeView(page, `${url}/#/customers`, ROW);
  const first = await page.locator('[data-row] a').first().textContent();
  const startedAt = performance.now();
  await page.locator('[type=search]').fill(first ?? '');
  await page.waitForFunction(() => document.querySelectorAll('[data-row]').length === 1);
  return performance.now() - startedAt;
}

async function signIn(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await page.getByRole('link', { name: 'Sign in' }).click();
  await page.getByRole('button', { name: 'Olivia' }).click();
  await page.waitForSelector('.figures');
}

interface Sizes {
  readonly small: number;
  readonly large: number;
  readonly rounds: number;
}

async function measureViews({ small, large, rounds }: Sizes): Promise<readonly Row[]> {
  const sandbox = await startSandbox({ lively: false, log: () => {} });
  const empty = await startEmptyPage();
  try {
    const { open, guard } = openSandboxTable(sandbox, 'tenants');
    const seed = async (count: number) => await seedFleet(open, guard, count);
    await seed(small);
    return await withBrowser(async (page) => {
      await signIn(page, sandbox.url);
      const first = await measureInTurn(
        new Map([
          ['view', () => timeView(page, `${sandbox.url}/#/`, ROW)],
          ['empty', () => timeView(page, empty.url, 'p')],
        ]),
        rounds,
      );
      await seed(large - small);
      await timeView(page, `${sandbox.url}/#/customers`, ROW);
      const lists: number[] = [];
      const searches: number[] = [];
      for (let round = 0; round < rounds; round++) {
        lists.push(await timeView(page, `${sandbox.url}/#/customers`, ROW));
        searches.push(await timeSearch(page, sandbox.url));
      }
      return [
        ...toFirstRows(first, small),
        ...toLargeRows({ lists, searches, empty: first.get('empty') ?? Number.NaN }, large),
      ];
    });
  } finally {
    await empty.stop();
    await sandbox.stop();
  }
}

function toFirstRows(medians: ReadonlyMap<string, number>, count: number): readonly Row[] {
  const view = medians.get('view') ?? Number.NaN;
  const empty = medians.get('empty') ?? Number.NaN;
  return [
    {
      what: `first view with ${toText(count)} customers: more than an empty page`,
      measured: { value: view - empty, unit: 'ms' },
      against: { name: 'an empty page, in turns', value: empty, unit: 'ms' },
      bar: { of: 'measured', is: 'at most', limit: FIRST_VIEW_MS },
    },
  ];
}

function toLargeRows(
  {
    lists,
    searches,
    empty,
  }: { lists: readonly number[]; searches: readonly number[]; empty: number },
  count: number,
): readonly Row[] {
  const bar = { of: 'measured', is: 'at most', limit: USABLE_MS } as const;
  const against = { name: 'an empty page, in turns', value: empty, unit: 'ms' };
  return [
    {
      what: `the list of ${toText(count)} customers, from its address to 50 rows`,
      measured: { value: median(lists), unit: 'ms' },
      against,
      bar,
    },
    {
      what: `one of ${toText(count)} customers found by its name`,
      measured: { value: median(searches), unit: 'ms' },
      against,
      bar,
    },
  ];
}

async function measureOverviewRows(count: number): Promise<readonly Row[]> {
  const { coldMs, warmMs } = await measureOverview(count);
  const what = `the overview of ${toText(count)} tenants, processor time`;
  return [
    {
      what: `${what}: a new process reads all rows`,
      measured: { value: coldMs, unit: 'ms' },
      against: { name: 'from memory', value: warmMs, unit: 'ms' },
      bar: { of: 'measured', is: 'at most', limit: COLD_MS },
    },
    {
      what: `${what}: from memory`,
      measured: { value: warmMs, unit: 'ms' },
      against: { name: 'a new process', value: coldMs, unit: 'ms' },
      bar: { of: 'measured', is: 'at most', limit: WARM_MS },
    },
  ];
}

function toText(count: number): string {
  return count.toLocaleString('en-US');
}

await reportSection(async ({ quick }): Promise<SectionResult> => {
  const sizes = quick
    ? { small: 100, large: 300, rounds: 3 }
    : { small: 1000, large: 10_000, rounds: 9 };
  const overview = await measureOverviewRows(sizes.large);
  return {
    rows: [...overview, ...(await measureViews(sizes))],
    notes: [
      'The browser, the broker, the stand-ins and Azurite share the processor; no customer was synced, so each needs somebody.',
    ],
  };
});
