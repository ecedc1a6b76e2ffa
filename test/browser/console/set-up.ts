import type { Page } from 'playwright-core';
import type { Sandbox } from '../../../local/sandbox/sandbox.ts';
import { type BrowserOptions, openPage } from '../set-up.ts';

/** Signs an operator of the partner in; answers the page with the first view. */
export async function signIn(
  { url }: Pick<Sandbox, 'url'>,
  name = 'Olivia',
  options: BrowserOptions = {},
): Promise<Page> {
  const page = await openPage(options);
  await page.goto(url);
  await passSignIn(page, name);
  return page;
}

/** Presses the button and chooses the account. */
export async function passSignIn(page: Page, name: string): Promise<void> {
  await page.getByRole('link', { name: 'Sign in' }).click();
  await page.getByRole('button', { name }).click();
  await page.getByRole('button', { name: 'Sign out' }).waitFor();
}

/** Opens a view of the page by its address. */
export async function openView(page: Page, hash: string): Promise<void> {
  await page.evaluate((to) => {
    location.hash = to;
  }, hash);
  await page.getByRole('heading', { level: 1 }).waitFor();
}
