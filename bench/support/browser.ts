import { chromium, type Page } from 'playwright-core';

/** The first look at 10,000 customers waits until Azurite has read them all. */
const TIMEOUT_MS = 120_000;
const EXECUTABLE = '/usr/bin/chromium';

/** A page of a browser of a section's own; closed whatever becomes of the work. */
export async function withBrowser<T>(work: (page: Page) => Promise<T>): Promise<T> {
  const browser = await chromium.launch({
    executablePath: EXECUTABLE,
    args: ['--no-sandbox', '--disable-gpu'],
  });
  try {
    const page = await browser.newPage();
    page.setDefaultTimeout(TIMEOUT_MS);
    return await work(page);
  } finally {
    await browser.close();
  }
}
