import { chromium, type Page } from 'playwright-core';

const EXECUTABLE = '/usr/bin/chromium';

/** A page of a browser of a section's own; closed whatever becomes of the work. */
export async function withBrowser<T>(work: (page: Page) => Promise<T>): Promise<T> {
  const browser = await chromium.launch({
    executablePath: EXECUTABLE,
    args: ['--no-sandbox', '--disable-gpu'],
  });
  try {
    return await work(await browser.newPage());
  } finally {
    await browser.close();
  }
}
