import type { Page } from 'playwright-core';
import { startSandbox } from '../../local/sandbox/sandbox.ts';
import type { Row, SectionResult } from '../report/row.ts';
import { reportSection } from '../report/section.ts';
import { withBrowser } from '../support/browser.ts';
import { startEmptyPage } from '../support/empty-page.ts';
import { measureOverview, type OverviewTimes } from '../support/overview-fixture.ts';
import { openSandboxStorage } from '../support/sandbox-table.ts';
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

/** Fills one sandbox, first with the smaller fleet, then with the rest. */
async function measureConsole({ small, large, rounds }: Sizes): Promise<readonly Row[]> {
  const sandbox = await startSandbox({ lively: false, log: () => {} });
  const azure = openSandboxStorage(sandbox);
  const seed = async (count: number) => await seedFleet(azure, sandbox.ringKey, count);
  try {
    await seed(small);
    return await withBrowser(async (page) => {
      await signIn(page, sandbox.url);
      const first = await measureFirstView(page, sandbox.url, rounds);
      const empty = first.get('empty') ?? Number.NaN;
      await seed(large - small);
      const overview = await measureOverview(azure, sandbox.ringKey, large);
      const views = await measureLargeViews(page, sandbox.url, rounds);
      return [
        ...toOverviewRows(overview, large),
        ...toFirstRows(first, small),
        ...toLargeRows(views, large, empty),
      ];
    });
  } finally {
    await sandbox.stop();
  }
}

async function measureFirstView(page: Page, url: string, rounds: number) {
  const empty = await startEmptyPage();
  const looks = new Map([
    ['view', () => timeView(page, `${url}/#/`, ROW)],
    ['empty', () => timeView(page, empty.url, 'p')],
  ]);
  try {
    return await measureInTurn(looks, rounds);
  } finally {
    await empty.stop();
  }
}

interface LargeViews {
  readonly lists: readonly number[];
  readonly tags: readonly number[];
  readonly searches: readonly number[];
}

async function measureLargeViews(page: Page, url: string, rounds: number): Promise<LargeViews> {
  await timeView(page, `${url}/#/customers`, ROW);
  const [lists, tags, searches]: [number[], number[], number[]] = [[], [], []];
  for (let round = 0; round < rounds; round++) {
    lists.push(await timeView(page, `${url}/#/customers`, ROW));
    tags.push(await timeView(page, `${url}/#/customers?tag=gold`, ROW));
    searches.push(await timeSearch(page, url));
  }
  return { lists, tags, searches };
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
  { lists, tags, searches }: LargeViews,
  count: number,
  empty: number,
): readonly Row[] {
  const toRow = (what: string, times: readonly number[]): Row => ({
    what,
    measured: { value: median(times), unit: 'ms' },
    against: { name: 'an empty page', value: empty, unit: 'ms' },
    bar: { of: 'measured', is: 'at most', limit: USABLE_MS },
  });
  const of = `of ${toText(count)} customers`;
  return [
    toRow(`the list ${of}, from its address to 50 rows`, lists),
    toRow(`those ${of} with a tag, from their address to 50 rows`, tags),
    toRow(`one ${of} found by its name`, searches),
  ];
}

function toOverviewRows(times: OverviewTimes, count: number): readonly Row[] {
  const { coldMs, warmMs, pageMs } = times;
  const cold = { name: 'a new process', value: coldMs, unit: 'ms' };
  const warm = { name: 'the overview from memory', value: warmMs, unit: 'ms' };
  const toRow = (what: string, value: number, limit: number): Omit<Row, 'against'> => ({
    what,
    measured: { value, unit: 'ms' },
    bar: { of: 'measured', is: 'at most', limit },
  });
  const overview = `the overview of ${toText(count)} tenants, processor time`;
  return [
    { ...toRow(`${overview}: a new process reads all rows`, coldMs, COLD_MS), against: warm },
    { ...toRow(`${overview}: from memory`, warmMs, WARM_MS), against: cold },
    {
      ...toRow(
        `50 of ${toText(count)} tenants by tag, status and text, processor time`,
        pageMs,
        WARM_MS,
      ),
      against: warm,
    },
  ];
}

function toText(count: number): string {
  return count.toLocaleString('en-US');
}

await reportSection(async ({ quick }): Promise<SectionResult> => {
  const sizes = quick
    ? { small: 100, large: 1000, rounds: 3 }
    : { small: 1000, large: 10_000, rounds: 9 };
  return {
    rows: await measureConsole(sizes),
    notes: [
      'The browser, the broker, the stand-ins and Azurite share the processor. One customer in ten lacks a role, one in 25 is late.',
    ],
  };
});
