import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { onTestFinished, test } from 'vitest';

const EXECUTABLE = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
].find((path) => existsSync(path));
if (!EXECUTABLE) console.warn('No Chromium is installed: the browser tests are skipped.');

/** Whether there is a browser. */
export const canBrowse = EXECUTABLE !== undefined;

/** A test that needs a browser; without one it is skipped. */
export const inBrowser = test.skipIf(!EXECUTABLE);

/** A browser is slow to start on a loaded machine. */
export const SLOW = { timeout: 120_000 };

/** How a browser is set up. */
export interface BrowserOptions {
  readonly locale?: string;
  readonly viewport?: { readonly width: number; readonly height: number };
  readonly colorScheme?: 'light' | 'dark';
}

let running: Promise<Browser> | undefined;

/** One Chromium for all files that share a process; it ends with the process. */
function findBrowser(): Promise<Browser> {
  running ??= chromium.launch({
    executablePath: EXECUTABLE ?? '',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'].concat(
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ),
  });
  return running;
}

/** Opens windows that share nothing with others; nothing leaves this machine. */
export async function openBrowser(options: BrowserOptions = {}): Promise<BrowserContext> {
  const browser = await findBrowser();
  const context = await browser.newContext({
    locale: 'en-US',
    permissions: ['clipboard-write'],
    ...options,
  });
  onTestFinished(async () => await context.close());
  return context;
}

/** Opens a page that shares nothing with others. */
export async function openPage(options: BrowserOptions = {}): Promise<Page> {
  return await (await openBrowser(options)).newPage();
}

/** Keeps what the browser says about our Content-Security-Policy. */
export function watchPolicy(page: Page): readonly string[] {
  const violations: string[] = [];
  page.on('console', (message) => {
    if (message.text().includes('Content Security Policy')) violations.push(message.text());
  });
  return violations;
}

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const RUN_AXE =
  'axe.run(document, { resultTypes: ["violations"] }).then(({ violations }) => ' +
  'violations.map(({ id, nodes }) => id + ": " + nodes.map(({ html }) => html).join(" ")))';

/** What axe-core finds wrong with the page that is shown, by rule. */
export async function findBarriers(page: Page): Promise<readonly string[]> {
  // An isolated world: the page's own policy runs no script.
  const session = await page.context().newCDPSession(page);
  const { frameTree } = await session.send('Page.getFrameTree');
  const { executionContextId: contextId } = await session.send('Page.createIsolatedWorld', {
    frameId: frameTree.frame.id,
    worldName: 'axe',
  });
  const evaluate = async (expression: string) => {
    const { result, exceptionDetails } = await session.send('Runtime.evaluate', {
      ...{ expression, contextId, awaitPromise: true, returnByValue: true },
    });
    if (exceptionDetails) throw new Error(JSON.stringify(exceptionDetails));
    return result.value;
  };
  // A document keeps its world from one look to the next, and axe is half a megabyte.
  if (await evaluate('typeof axe === "undefined"')) {
    await evaluate(`${await readFile(AXE, 'utf8')}; undefined`);
  }
  const barriers = await evaluate(RUN_AXE);
  await session.detach();
  return barriers;
}
