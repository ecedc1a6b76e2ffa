import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Browser, chromium, type Page } from 'playwright-core';
import { type Sandbox, startSandbox } from './sandbox/sandbox.ts';

const FOLDER = join(dirname(import.meta.dirname), 'docs/images');
const EXECUTABLE = '/usr/bin/chromium';
const CUSTOMERS = 60;
const QUALITY = 70;
/** A check is kept for ten seconds. */
const HEALTH_PAUSE_MS = 5000;
const HEALTH_ATTEMPTS = 24;

/** A picture of the console: its file, the view, and how the browser is set up. */
interface Picture {
  readonly file: string;
  readonly view: string;
  readonly width: number;
  readonly height: number;
  readonly colorScheme: 'light' | 'dark';
}

const DESKTOP = { width: 1280, height: 800 };

const PICTURES: readonly Picture[] = [
  { file: 'console-needs', view: '/', ...DESKTOP, colorScheme: 'light' },
  { file: 'console-customers', view: '/customers', ...DESKTOP, colorScheme: 'light' },
  { file: 'console-incidents', view: '/incidents', ...DESKTOP, colorScheme: 'dark' },
  { file: 'console-onboarding', view: '/onboarding', ...DESKTOP, colorScheme: 'light' },
];

/** Makes the pictures of the documents from a sandbox with a fleet. */
async function takeScreenshots(): Promise<void> {
  const sandbox = await startSandbox({ customerCount: CUSTOMERS, log: () => {} });
  await waitForHealth(sandbox);
  const browser = await chromium.launch({
    executablePath: EXECUTABLE,
    args: ['--no-sandbox', '--disable-gpu'],
  });
  try {
    await mkdir(FOLDER, { recursive: true });
    for (const picture of PICTURES) await takeOne(browser, sandbox.url, picture);
  } finally {
    await browser.close();
    await sandbox.stop();
  }
}

/** The pictures show a normal Monday: everything of the broker itself is up. */
async function waitForHealth({ connect }: Sandbox): Promise<void> {
  const operator = await connect('operator');
  let checks = {};
  for (let attempt = 0; attempt < HEALTH_ATTEMPTS; attempt++) {
    const { body } = await operator.call('GET', '/overview');
    if (body.health.status === 'up') return;
    checks = body.health.checks;
    await sleep(HEALTH_PAUSE_MS);
  }
  throw new Error(`The sandbox is not healthy: no picture was taken. ${JSON.stringify(checks)}`);
}

async function takeOne(browser: Browser, url: string, picture: Picture): Promise<void> {
  const { width, height, colorScheme, view, file } = picture;
  const context = await browser.newContext({ viewport: { width, height }, colorScheme });
  const page = await context.newPage();
  await page.goto(url);
  await page.getByRole('link', { name: 'Sign in' }).click();
  await page.getByRole('button', { name: 'Olivia' }).click();
  await page.getByRole('button', { name: 'Sign out' }).waitFor();
  await page.goto(`${url}/#${view}`);
  await page.locator('[aria-busy=false] [data-row]').first().waitFor();
  await writeFile(join(FOLDER, `${file}.webp`), await capture(page));
  await context.close();
}

/** WebP is a fifth of the PNG that Playwright offers. */
async function capture(page: Page): Promise<Buffer> {
  const session = await page.context().newCDPSession(page);
  const options = { format: 'webp', quality: QUALITY } as const;
  const { data } = await session.send('Page.captureScreenshot', options);
  return Buffer.from(data, 'base64');
}

await takeScreenshots();
