import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, expect, test } from 'vitest';
import { startWorld } from '../functions/set-up.ts';

const EXECUTABLE = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
].find((path) => existsSync(path));
if (!EXECUTABLE) console.warn('No Chromium is installed: the browser tests are skipped.');
const inBrowser = test.skipIf(!EXECUTABLE);

/** Opens a page in a browser with a profile of its own; nothing leaves this machine. */
async function openPage(locale = 'en-US'): Promise<Page> {
  const profile = await mkdtemp(join(tmpdir(), 'consent-'));
  const context: BrowserContext = await chromium.launchPersistentContext(profile, {
    executablePath: EXECUTABLE ?? '',
    locale,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'].concat(
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ),
  });
  afterAll(async () => {
    await context.close();
    await rm(profile, { recursive: true, force: true });
  });
  return await context.newPage();
}

inBrowser(
  'an admin clicks from the invitation to the active page',
  { timeout: 40_000 },
  async () => {
    const { invite, customer, operator } = await startWorld();
    const page = await openPage();
    const violations: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error') violations.push(message.text());
    });
    await page.goto(await invite({ tenant: 'contoso.example' }));
    await page.getByRole('button', { name: customer('Contoso').admin }).click();
    await page.getByRole('button', { name: 'Accept' }).click();
    await expect
      .poll(() => page.getByRole('heading').textContent())
      .toBe('Done. Your consent is in place');
    expect(new URL(page.url()).search).toBe('');
    expect(await page.getByRole('main').isVisible()).toBe(true);
    const ground = await page.evaluate(() => getComputedStyle(document.body).display);
    expect(ground).toBe('grid');
    expect(violations.filter((text) => text.includes('Content Security Policy'))).toEqual([]);
    expect((await operator.call('POST', '/tenants/contoso.example/token')).status).toBe(200);
  },
);

inBrowser('an admin who cancels is told so, in Spanish', { timeout: 40_000 }, async () => {
  const { invite, customer, operator } = await startWorld();
  const page = await openPage('es-ES');
  await page.goto(await invite({}));
  await page.getByRole('button', { name: customer('Contoso').admin }).click();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expect
    .poll(() => page.getByRole('heading').textContent())
    .toBe('Ha rechazado la solicitud');
  expect(await page.locator('html').getAttribute('lang')).toBe('es');
  const { tenantId } = customer('Contoso').tenant;
  expect((await operator.call('GET', `/tenants/${tenantId}`)).status).toBe(404);
});

inBrowser(
  'a page that waits for roles becomes the active page by itself',
  { timeout: 40_000 },
  async () => {
    const { invite, customer, sandbox } = await startWorld();
    const { injectFault } = await import('../../local/entra/faults.ts');
    const { tenant, admin } = customer('Adatum');
    injectFault(sandbox.partner.directory, {
      kind: 'role-lag',
      tokens: 2,
      tenantId: tenant.tenantId,
    });
    const page = await openPage();
    await page.goto(await invite({ tenant: tenant.tenantId }));
    await page.getByRole('button', { name: admin }).click();
    await page.getByRole('button', { name: 'Accept' }).click();
    await expect
      .poll(() => page.getByRole('heading').textContent())
      .toBe('Microsoft is still applying your consent');
    await expect
      .poll(() => page.getByRole('heading').textContent(), { timeout: 25_000 })
      .toBe('Done. Your consent is in place');
  },
);
