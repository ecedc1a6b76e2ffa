import { readFile } from 'node:fs/promises';
import { QueueServiceClient } from '@azure/storage-queue';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { parseExport, verifyExport } from '../../../local/audit/verify-export.ts';
import { startEnvironment } from '../../functions/set-up.ts';
import { inBrowser, SLOW } from '../set-up.ts';
import { openView, signIn } from './set-up.ts';

const { sandbox, operator, playbook, onboard } = await startEnvironment();
const { tenant } = await onboard('Contoso');
const TENANT = `/tenants/${tenant.tenantId}`;
const PLAYBOOK = sandbox.partner.tools.playbook.clientId;
const RULES = [{ id: 'never', effect: 'deny', tenants: ['*'], resources: ['graph'] }];
await operator.call('PATCH', TENANT, { tags: ['gold'] });
await operator.call('PUT', `/callers/${PLAYBOOK}`, {
  display_name: 'playbook',
  mode: 'audit',
  rules: RULES,
});
await playbook.call('POST', `${TENANT}/token`, { resource: 'graph' });
const queues = QueueServiceClient.fromConnectionString(sandbox.settings.AzureWebJobsStorage ?? '');
const poison = queues.getQueueClient('incident-sync-poison');
await poison.createIfNotExists();
await poison.sendMessage('poison');

async function saveAs(page: Page, format: string): Promise<string> {
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: `Save as ${format}` }).click(),
  ]);
  return await readFile(await file.path(), 'utf8');
}

inBrowser(
  'who holds tokens and what audit mode let pass stands with the callers',
  SLOW,
  async () => {
    const page = await signIn(sandbox);
    await openView(page, '/access');
    const row = page.getByRole('row', { name: 'playbook' });
    await row.getByText('audit only').waitFor();
    await row.getByRole('link', { name: '1 token would be refused' }).click();
    await page.getByRole('heading', { name: 'What would have been refused' }).waitFor();
    const refused = page.locator('section', { hasText: 'What would have been refused' }).last();
    await refused.getByText('never').waitFor();
    await openView(page, '/access');
    await row.getByRole('link', { name: '1', exact: true }).click();
    await page.getByText('received a token for Graph of').waitFor();
    await page.getByText('would be refused', { exact: true }).waitFor();
  },
);

inBrowser('events stand on a line of time and are found by kind and time', SLOW, async () => {
  const page = await signIn(sandbox);
  await openView(page, '/audit');
  await page.getByText('The chain holds').waitFor();
  await page.getByLabel('About').selectOption('callers');
  const events = page.locator('main li[data-row]');
  await expect.poll(() => events.first().textContent()).toContain('changed a caller');
  const texts = await events.allTextContents();
  expect(texts.filter((text) => text.includes('customer'))).toEqual([]);
  await page.getByRole('textbox', { name: 'To' }).fill('2020-01-01T00:00');
  await page.getByText('Nothing was done in this time.').waitFor();
});

inBrowser('the saved events are a chain that can be verified elsewhere', SLOW, async () => {
  const page = await signIn(sandbox);
  await openView(page, '/audit?from=2020-01-01T00:00');
  const { events } = parseExport(await saveAs(page, 'NDJSON'));
  const report = verifyExport(events, []);
  expect(report).toMatchObject({ problem: undefined, first: 1 });
  const { body } = await operator.call('GET', '/audit/acts?limit=500');
  expect(report.count).toBe(body.value.length);
  const csv = await saveAs(page, 'CSV');
  expect(csv.trim().split('\r\n')).toHaveLength(body.value.length + 1);
});

inBrowser('the tokens of a time are saved as CSV, without a token', SLOW, async () => {
  const page = await signIn(sandbox);
  await openView(page, '/audit?kind=tokens');
  const [head = '', row = ''] = (await saveAs(page, 'CSV')).split('\r\n');
  expect(head.split(',')).toContain('would_be_denied');
  expect(row).toContain(`${PLAYBOOK},playbook,${tenant.tenantId}`);
  expect(row).not.toContain('eyJ');
});

inBrowser('a customer shows what happened and who holds its tokens', SLOW, async () => {
  const page = await signIn(sandbox);
  await openView(page, `/customers/${tenant.tenantId}`);
  await page.getByRole('row', { name: 'playbook' }).waitFor();
  const event = page.getByRole('listitem').filter({ hasText: 'operator changed the customer' });
  expect(await event.first().textContent()).toContain('tags – → gold');
});

inBrowser(
  'the system says what waits, what failed for good and which version runs',
  SLOW,
  async () => {
    const page = await signIn(sandbox);
    await openView(page, '/system');
    const row = page.getByRole('row', { name: 'incident-sync' });
    await expect.poll(() => row.textContent()).toBe('incident-sync01');
    await page.getByText('in 364 days').waitFor();
    const headings = await page.getByRole('heading', { level: 2 }).allTextContents();
    expect(headings).toEqual(expect.arrayContaining(['Key ring', 'Timers', 'Webhooks', 'Quotas']));
    expect(await page.getByText(/Partner broker \d+\.\d+\.\d+/).count()).toBe(1);
  },
);

inBrowser('a list of incidents without a row says who was not looked at', SLOW, async () => {
  const page = await signIn(sandbox);
  await openView(page, '/incidents');
  await page.getByText('1 customer could not be looked at in time.').waitFor();
  expect(await page.locator('main [data-row]').count()).toBe(0);
});
