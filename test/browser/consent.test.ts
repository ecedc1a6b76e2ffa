import type { BrowserContext, Page } from 'playwright-core';
import { expect } from 'vitest';
import { injectFault } from '../../local/entra/faults.ts';
import { startEnvironment } from '../functions/set-up.ts';
import { inBrowser, openBrowser, openPage, SLOW, watchPolicy } from './set-up.ts';

const { invite, customer, operator, sandbox, onboard } = await startEnvironment();
const DONE = 'Done. Your consent is in place';

async function expectHeading(page: Page, heading: string, timeout = 20_000): Promise<void> {
  await expect
    .poll(() => page.getByRole('heading', { level: 1 }).textContent(), { timeout })
    .toBe(heading);
}

/** Opens a link, presses the button and signs in, up to Microsoft's consent page. */
async function goToConsent(page: Page, link: string, account: string): Promise<void> {
  await page.goto(link);
  await page.getByRole('button', { name: 'Continue to Microsoft' }).click();
  await page.getByRole('button', { name: account }).click();
  await page.getByRole('button', { name: 'Accept' }).waitFor();
}

async function newTab(browser: BrowserContext): Promise<Page> {
  return await browser.newPage();
}

inBrowser('an admin clicks from the invitation to the active page', SLOW, async () => {
  const page = await openPage();
  const violations = watchPolicy(page);
  await goToConsent(page, await invite({ tenant: 'contoso.example' }), customer('Contoso').admin);
  await page.getByRole('button', { name: 'Accept' }).click();
  await expectHeading(page, DONE);
  expect(new URL(page.url()).search).toBe('');
  expect(await page.getByRole('main').isVisible()).toBe(true);
  const radius = await page
    .getByRole('main')
    .evaluate((main) => getComputedStyle(main).borderRadius);
  expect(radius).toBe('12px');
  expect(violations).toEqual([]);
  expect((await operator.call('POST', '/tenants/contoso.example/token')).status).toBe(200);
});

inBrowser('no script runs on the page, and none can be brought in', SLOW, async () => {
  const page = await openPage();
  const violations = watchPolicy(page);
  await page.goto(await invite({}));
  await page.evaluate(() => {
    const script = document.createElement('script');
    script.textContent = 'document.title = "run"';
    document.body.append(script);
  });
  expect(await page.title()).not.toBe('run');
  expect(violations).toHaveLength(1);
});

inBrowser('an admin who cancels sees what was asked for, in Spanish', SLOW, async () => {
  const page = await openPage({ locale: 'es-ES' });
  await page.goto(await invite({}));
  await page.getByRole('button', { name: 'Continuar en Microsoft' }).click();
  await page.getByRole('button', { name: customer('Adatum').admin }).click();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expectHeading(page, 'Ha rechazado la solicitud');
  expect(await page.locator('html').getAttribute('lang')).toBe('es');
  const { tenantId } = customer('Adatum').tenant;
  expect((await operator.call('GET', `/tenants/${tenantId}`)).status).toBe(404);
  await page.getByRole('button', { name: 'Continuar en Microsoft' }).click();
  await page.getByRole('button', { name: customer('Adatum').admin }).waitFor();
});

inBrowser('a page that waits for roles becomes the active page by itself', SLOW, async () => {
  const { tenant, admin } = customer('Wingtip');
  const { tenantId } = tenant;
  injectFault(sandbox.partner.directory, { kind: 'role-lag', tokens: 2, tenantId });
  const page = await openPage();
  await goToConsent(page, await invite({ tenant: tenantId }), admin);
  await page.getByRole('button', { name: 'Accept' }).click();
  await expectHeading(page, 'Microsoft is still applying your consent');
  await expectHeading(page, DONE, 30_000);
});

inBrowser('a double click on the button begins one way that works', SLOW, async () => {
  const page = await openPage();
  await page.goto(await invite({}));
  await page.getByRole('button', { name: 'Continue to Microsoft' }).dblclick();
  await page.getByRole('button', { name: customer('Contoso').admin }).dblclick();
  await page.getByRole('button', { name: 'Accept' }).dblclick();
  await expectHeading(page, DONE);
});

inBrowser('the back button leads back to where the consent stands', SLOW, async () => {
  const page = await openPage();
  const link = await invite({});
  await goToConsent(page, link, customer('Contoso').admin);
  await page.getByRole('button', { name: 'Accept' }).click();
  await expectHeading(page, DONE);
  await page.goBack();
  await page.goForward();
  await expectHeading(page, DONE);
  await page.goto(link);
  await expectHeading(page, DONE);
});

inBrowser('who goes back from Microsoft can press the button again', SLOW, async () => {
  const page = await openPage();
  await page.goto(await invite({}));
  await page.getByRole('button', { name: 'Continue to Microsoft' }).click();
  await page.getByRole('button', { name: customer('Contoso').admin }).waitFor();
  await page.goBack();
  await page.getByRole('button', { name: 'Continue to Microsoft' }).click();
  await page.getByRole('button', { name: customer('Contoso').admin }).click();
  await page.getByRole('button', { name: 'Accept' }).click();
  await expectHeading(page, DONE);
});

inBrowser('two tabs with one link both lead to the end', SLOW, async () => {
  const browser = await openBrowser();
  const link = await invite({});
  const [first, second] = [await newTab(browser), await newTab(browser)];
  await goToConsent(first, link, customer('Contoso').admin);
  await goToConsent(second, link, customer('Contoso').admin);
  await first.getByRole('button', { name: 'Accept' }).click();
  await expectHeading(first, DONE);
  await second.getByRole('button', { name: 'Accept' }).click();
  await expectHeading(second, DONE);
});

inBrowser('two tabs with two links do not disturb each other', SLOW, async () => {
  const browser = await openBrowser();
  const [first, second] = [await newTab(browser), await newTab(browser)];
  const { admin } = customer('Contoso');
  await goToConsent(first, await invite({ tenant: 'contoso.example' }), admin);
  await goToConsent(second, await invite({}), admin);
  await first.getByRole('button', { name: 'Accept' }).click();
  await expectHeading(first, DONE);
  await second.getByRole('button', { name: 'Accept' }).click();
  await expectHeading(second, DONE);
});

inBrowser('a page of another site can not press the button', SLOW, async () => {
  const page = await openPage();
  const invitation = new URL(await invite({})).searchParams.get('invitation') ?? '';
  await page.setContent(
    `<form method="post" action="${sandbox.url}/api/consent/start"><input name="invitation" value="${invitation}"><button>Go</button></form>`,
  );
  await page.getByRole('button', { name: 'Go' }).click();
  await expectHeading(page, 'Please use the button on our page');
  expect(await page.context().cookies(sandbox.url)).toEqual([]);
});

inBrowser('the page before Microsoft’s can not be framed', SLOW, async () => {
  const page = await openPage();
  const link = await invite({});
  await page.goto(`${sandbox.microsoft.url}/sandbox/`);
  await page.setContent(`<iframe src="${link}"></iframe>`);
  await expect.poll(() => page.frames()[1]?.url()).toContain('chrome-error');
});

inBrowser(
  'neither link nor answer is named to the sites that a visitor goes to',
  SLOW,
  async () => {
    const { user } = await onboard('Fabrikam');
    const page = await openPage();
    const referrers: string[] = [];
    page.on('request', (request) => {
      if (!request.url().startsWith(sandbox.url)) referrers.push(request.headers().referer ?? '');
    });
    await page.goto(await invite({}));
    await page.getByRole('button', { name: 'Continue to Microsoft' }).click();
    await page.getByRole('button', { name: user }).waitFor();
    expect(referrers.length).toBeGreaterThan(0);
    expect(referrers.filter((referrer) => referrer.startsWith(sandbox.url))).toEqual([]);
  },
);
