import type { Locator, Page } from 'playwright-core';
import { afterAll, expect } from 'vitest';
import { type Sandbox, startSandbox } from '../../../local/sandbox/sandbox.ts';
import { consent } from '../../functions/set-up.ts';
import { claimAccount } from '../../support/storage.ts';
import { canBrowse, findBarriers, inBrowser, openBrowser } from '../set-up.ts';
import { countMoving, findCut } from './reach.ts';
import { openView, passSignIn, signIn } from './set-up.ts';

/** A morning and a fleet take their time on a loaded machine. */
const PATIENT = { timeout: 180_000 };

/** Without a browser there is nobody for whom the fleet would be started. */
const sandbox: Sandbox | undefined = canBrowse
  ? await startSandbox({ lively: true, customerCount: 60, storage: claimAccount(), log: () => {} })
  : undefined;
afterAll(async () => await sandbox?.stop());

function getSandbox(): Sandbox {
  if (!sandbox) throw new Error('There is no browser.');
  return sandbox;
}

/** An operator whose clicks are counted. */
function createHand() {
  let clicks = 0;
  return {
    count: () => clicks,
    click: async (target: Locator) => {
      clicks += 1;
      await target.click();
    },
    choose: async (target: Locator, value: string) => {
      clicks += 2;
      await target.selectOption(value);
    },
  };
}

type Hand = ReturnType<typeof createHand>;

const WINDOWS = [
  { viewport: { width: 1280, height: 900 }, colorScheme: 'light' },
  { viewport: { width: 390, height: 800 }, colorScheme: 'dark' },
] as const;

/** The address of each view; details are those of the first row. */
async function listViews(page: Page): Promise<readonly string[]> {
  const plain = ['/', '/customers', '/incidents', '/onboarding', '/hunts', '/access', '/audit'];
  const found: string[] = [];
  for (const list of ['/customers', '/incidents', '/access']) {
    await openView(page, list);
    const link = page.locator('[data-row] a').first();
    found.push((await link.getAttribute('href'))?.slice(1) ?? '/');
  }
  const rest = ['/audit?kind=tokens', '/system', '/onboarding?open=one', '/onboarding?open=many'];
  return [...plain, ...found, ...rest];
}

inBrowser('every view can be read by everybody, in both themes and widths', PATIENT, async () => {
  const barriers: string[] = [];
  const context = await openBrowser();
  const page = await context.newPage();
  await page.goto(getSandbox().url);
  await passSignIn(page, 'Olivia');
  const views = await listViews(page);
  for (const view of views) {
    await openView(page, view);
    await page
      .locator('[aria-busy=false]')
      .first()
      .waitFor({ timeout: 10_000 })
      .catch(() => {});
    for (const { viewport, colorScheme } of WINDOWS) {
      await page.setViewportSize(viewport);
      await page.emulateMedia({ colorScheme });
      const found = await findBarriers(page);
      barriers.push(...found.map((one) => `${view} ${viewport.width} ${colorScheme}: ${one}`));
    }
  }
  expect(barriers).toEqual([]);
});

inBrowser('at 200 % every control can be reached, and nothing moves', PATIENT, async () => {
  // A window of 1280 px at 200 %, as who sees badly has it.
  const page = await signIn(getSandbox(), 'Olivia', { viewport: { width: 640, height: 400 } });
  await page.emulateMedia({ reducedMotion: 'reduce', forcedColors: 'active' });
  const found: string[] = [];
  for (const view of await listViews(page)) {
    await openView(page, view);
    await page
      .locator('[aria-busy=false]')
      .first()
      .waitFor({ timeout: 10_000 })
      .catch(() => {});
    found.push(...(await findCut(page)).map((cut) => `${view}: ${cut}`));
    if ((await countMoving(page)) > 0) found.push(`${view}: something moves`);
  }
  expect(found).toEqual([]);
});

/** Finds a customer among those who need somebody, sends the link, and lets its admin consent. */
async function repair(page: Page, hand: Hand, { cause, name }: { cause: string; name: string }) {
  const card = page.getByRole('article').filter({ hasText: cause });
  const row = card.getByRole('listitem').filter({ hasText: name });
  await hand.click(row.getByRole('button', { name: 'Consent link' }));
  const link = await page.getByRole('dialog').getByRole('textbox').first().inputValue();
  await hand.click(page.getByRole('button', { name: 'Copy the link' }));
  await hand.click(page.getByRole('dialog').getByRole('button', { name: 'Close' }));
  const customer = getSandbox().customers.find((one) => one.name === name);
  await consent(link, customer?.admin ?? '');
}

async function invite(page: Page, hand: Hand, domain: string) {
  await hand.click(page.getByRole('link', { name: 'Onboarding' }));
  await hand.click(page.getByRole('button', { name: 'Invite a customer' }));
  await page.getByLabel('Domain or tenant id').fill(domain);
  await hand.click(page.getByRole('button', { name: 'Make the link' }));
  await hand.click(page.getByRole('button', { name: 'Copy the mail' }));
  await hand.click(page.getByRole('dialog').getByRole('button', { name: 'Close' }));
}

async function offboard(page: Page, hand: Hand, name: string) {
  await hand.click(page.getByRole('link', { name: 'Customers', exact: true }));
  await page.keyboard.press('/');
  await page.keyboard.type(name);
  await hand.click(page.getByRole('link', { name, exact: true }));
  await hand.click(page.getByRole('button', { name: 'Offboard' }));
  await page.getByLabel(`Type ${name}`).fill(name);
  await hand.click(page.getByRole('dialog').getByRole('button', { name: 'Offboard' }));
  const receipt = page.getByRole('button', { name: 'Download the receipt' });
  await receipt.waitFor({ timeout: 60_000 });
  const [download] = await Promise.all([page.waitForEvent('download'), hand.click(receipt)]);
  expect(download.suggestedFilename()).toBe('offboarding-receipt.jws');
  await hand.click(page.getByRole('dialog').getByRole('button', { name: 'Close' }));
}

async function block(page: Page, hand: Hand, name: string) {
  await hand.click(page.getByRole('link', { name: 'Access' }));
  const row = page.getByRole('row', { name });
  await hand.click(row.getByRole('button', { name: 'Block' }));
  await row.getByText('blocked').waitFor();
}

/** Closes the newest open incident of each of two customers; answers their names. */
async function closeIncidents(page: Page, hand: Hand): Promise<readonly string[]> {
  await hand.click(page.getByRole('link', { name: 'Incidents', exact: true }));
  await hand.choose(page.getByLabel('Status'), 'active');
  const rows = page.getByRole('row').filter({ has: page.getByRole('checkbox') });
  await rows.first().waitFor();
  const customers = await rows.locator('a.name').allTextContents();
  const [first = ''] = customers;
  const other = customers.findIndex((name) => name !== first);
  for (const index of [0, other]) await hand.click(rows.nth(index).getByRole('checkbox'));
  await hand.click(page.getByRole('button', { name: 'Change 2 incidents' }));
  const dialog = page.getByRole('dialog');
  await hand.choose(dialog.getByLabel('Status'), 'resolved');
  await hand.choose(dialog.getByLabel('Classification'), 'falsePositive');
  await hand.click(dialog.getByRole('button', { name: 'Change', exact: true }));
  await expect.poll(() => dialog.getByText(': changed.').count(), { timeout: 60_000 }).toBe(2);
  await hand.click(dialog.getByRole('button', { name: 'Done' }));
  return [first, customers[other] ?? ''];
}

inBrowser('Monday morning with 60 customers takes 40 clicks and no terminal', PATIENT, async () => {
  const page = await signIn(getSandbox());
  const hand = createHand();
  const broken = [
    { cause: 'Consent missing', name: 'Wingtip' },
    { cause: 'Consent missing', name: 'Elm Motors' },
    { cause: 'Missing roles', name: 'Harbor Museum' },
  ];
  for (const one of broken) await repair(page, hand, one);
  await invite(page, hand, 'contoso.example');
  await offboard(page, hand, 'Delta Foods');
  await block(page, hand, 'playbook');
  const closed = await closeIncidents(page, hand);
  await openView(page, '/customers?status=active');
  for (const { name } of broken) await page.getByRole('link', { name, exact: true }).waitFor();
  expect(hand.count()).toBeLessThanOrEqual(40);
  const operator = await getSandbox().connect('operator');
  const gone = await operator.call('GET', '/tenants/delta-foods.example');
  expect(gone.body.status).toBe('offboarded');
  const resolved = await operator.call('GET', '/incidents?status=resolved&order=updated&limit=2');
  const names = resolved.body.value.map(({ tenant_name }: { tenant_name: string }) => tenant_name);
  expect(names.toSorted()).toEqual([...new Set(closed)].toSorted());
  const tool = await (await getSandbox().connect('playbook')).call('GET', '/incidents');
  expect(tool.status).toBe(403);
});
