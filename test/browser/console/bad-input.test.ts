import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';
import { expect, onTestFinished } from 'vitest';
import { seedIncidents } from '../../../local/sandbox/onboard-customers.ts';
import { startEnvironment } from '../../functions/set-up.ts';
import { inBrowser, SLOW } from '../set-up.ts';
import { openView, signIn } from './set-up.ts';

const { sandbox, operator, onboard } = await startEnvironment();
const { tenant } = await onboard('Contoso');
await onboard('Fabrikam');
seedIncidents(sandbox.microsoft.incidents, tenant.tenantId);
await sandbox.host.runFunction('syncIncidents');
await sandbox.host.drainQueues();
const LONG = `<b>Long</b>\u202e${'x'.repeat(10_000)}`;

/** What is sent that changes an incident. */
function watchChanges(page: Page): readonly string[] {
  const sent: string[] = [];
  page.on('request', (request) => {
    if (request.method() === 'PATCH') sent.push(new URL(request.url()).pathname);
  });
  return sent;
}

async function changeThree(page: Page, comment: string) {
  await openView(page, '/incidents');
  await page.getByRole('checkbox').first().waitFor();
  for (let row = 1; row <= 3; row++) await page.getByRole('checkbox').nth(row).check();
  await page.getByRole('button', { name: 'Change 3 incidents' }).click();
  await page.getByLabel('Comment').fill(comment);
  await page.getByRole('button', { name: 'Change', exact: true }).click();
}

async function readResults(page: Page): Promise<readonly string[]> {
  const done = page.getByRole('button', { name: 'Done' });
  await expect.poll(() => done.isEnabled(), { timeout: 20_000 }).toBe(true);
  const rows = await page.getByRole('dialog').getByRole('listitem').allTextContents();
  return rows.map((row) => row.replace(/^.*?: /, ''));
}

inBrowser('an API that stops answering in the middle leaves a word on each row', SLOW, async () => {
  const page = await signIn(sandbox);
  const sent = watchChanges(page);
  await page.route('**/incidents/*', async (route) => {
    if (route.request().method() !== 'PATCH') return await route.continue();
    await route.fulfill({ json: {} });
    await page.context().setOffline(true);
  });
  await changeThree(page, 'Seen');
  const results = await readResults(page);
  expect(results[0]).toBe('changed.');
  for (const rest of results.slice(1)) expect(rest).toMatch(/^not changed. The broker does not/);
  expect(sent).toHaveLength(1);
});

inBrowser('a comment of 10,000 characters is refused in words on each row', SLOW, async () => {
  const page = await signIn(sandbox);
  await changeThree(page, LONG);
  const results = await readResults(page);
  for (const row of results) expect(row).toMatch(/^not changed. The parameter comment/);
  await page.getByRole('button', { name: 'Done' }).click();
  await page.getByRole('checkbox').nth(1).check();
  await page.getByRole('button', { name: 'Change 1 incident' }).click();
  expect(await page.getByLabel('Comment').inputValue()).toBe(LONG);
});

inBrowser('a name of 10,000 characters is refused, and stays as it was typed', SLOW, async () => {
  const page = await signIn(sandbox);
  await openView(page, `/customers/${tenant.tenantId}`);
  await page.getByRole('button', { name: 'Edit settings' }).click();
  await page.getByLabel('Name').fill(LONG);
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('alert').getByText('display_name').waitFor();
  expect(await page.getByLabel('Name').inputValue()).toBe(LONG);
});

inBrowser('a slow answer to an older question is not shown', SLOW, async () => {
  const page = await signIn(sandbox);
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route('**/api/tenants?*status=disabled*', async (route) => {
    await held;
    await route.fulfill({ json: { value: [] } });
  });
  await openView(page, '/customers');
  await page.getByRole('link', { name: 'Contoso' }).waitFor();
  await page.getByLabel('Status').selectOption('disabled');
  await page.getByText('Loading…').waitFor();
  await page.getByLabel('Status').selectOption('active');
  await page.getByRole('link', { name: 'Contoso' }).waitFor();
  const answered = page.waitForResponse('**/api/tenants?*status=disabled*');
  release();
  await answered;
  expect(await page.getByText('No customer matches.').count()).toBe(0);
});

inBrowser('a button whose answer is slow is not pressed twice', SLOW, async () => {
  const page = await signIn(sandbox);
  const sent: string[] = [];
  await page.route('**/verify', async (route) => {
    sent.push(route.request().url());
    await new Promise((resolve) => setTimeout(resolve, 1000));
    await route.continue();
  });
  await openView(page, `/customers/${tenant.tenantId}`);
  const button = page.getByRole('button', { name: 'Verify' });
  await button.click();
  await expect.poll(() => button.isDisabled()).toBe(true);
  await button.click({ force: true });
  await page.getByText('Verified.').waitFor();
  expect(sent).toHaveLength(1);
});

inBrowser('an auditor is named the role of each view that is not for auditors', SLOW, async () => {
  const page = await signIn(sandbox, 'Audrey');
  const notes: (string | null)[] = [];
  for (const view of ['/incidents', '/onboarding', '/hunts', '/access', '/access/new']) {
    await openView(page, view);
    notes.push(await page.getByRole('note').locator('code').textContent());
  }
  expect(notes).toEqual([
    ...['Incidents.Read', 'Tenants.Manage', 'Hunting.Run'],
    ...['Policy.Manage', 'Policy.Manage'],
  ]);
  await openView(page, '/audit');
  await page.getByText('The chain holds').waitFor();
});

/**
 * Another app on a host of the same site: the browser adds the session's cookie to its requests.
 */
async function startSibling(): Promise<string> {
  const server = createServer((_, response) => {
    response.setHeader('content-type', 'text/html').end('<!doctype html><title>Sibling</title>');
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

inBrowser('a second app on a sibling host reads and changes nothing', SLOW, async () => {
  const page = await signIn(sandbox);
  const sibling = await page.context().newPage();
  await sibling.goto(await startSibling());
  const asked = await sibling.evaluate(async (url) => {
    const headers = { 'x-requested-with': 'console' };
    const read = await fetch(`${url}/api/tenants`, { credentials: 'include', headers }).then(
      ({ status }) => String(status),
      () => 'refused',
    );
    const init = { method: 'POST', mode: 'no-cors', credentials: 'include' } as const;
    await fetch(`${url}/auth/sign-out`, init).catch(() => undefined);
    await fetch(`${url}/api/invitations`, { ...init, body: '{}' }).catch(() => undefined);
    return read;
  }, sandbox.url);
  expect(asked).toBe('refused');
  await openView(page, '/customers');
  await page.getByRole('link', { name: 'Contoso' }).waitFor();
  const { body } = await operator.call('GET', '/invitations?status=sent');
  expect(body.value).toEqual([]);
});
