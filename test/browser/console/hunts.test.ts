import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { startEnvironment } from '../../functions/set-up.ts';
import { inBrowser, SLOW } from '../set-up.ts';
import { openView, signIn } from './set-up.ts';

const { sandbox, operator, onboard } = await startEnvironment();
const contoso = await onboard('Contoso');
await onboard('Fabrikam');
for (const { tenant } of [contoso]) {
  await operator.call('PATCH', `/tenants/${tenant.tenantId}`, {
    tags: ['gold'],
    display_name: 'Contoso <i>Ltd</i>',
  });
}

inBrowser('a query is asked of a tag, and its rows are saved as CSV', SLOW, async () => {
  const page = await signIn(sandbox);
  await page.getByRole('link', { name: 'Hunts' }).click();
  await page.getByLabel('Query (KQL)').fill('DeviceInfo | distinct DeviceName');
  await page.getByLabel('Customers with the tag').fill('gold');
  await page.getByLabel('Name of the hunt').fill('Devices');
  await page.getByRole('button', { name: 'Run the hunt' }).click();
  await page.getByRole('heading', { name: 'Devices' }).waitFor();
  await sandbox.host.drainQueues();
  await page.getByText('1 of 1').waitFor();
  const rows = page.getByRole('region', { name: 'Rows' }).getByRole('row');
  await expect.poll(() => rows.count()).toBe(13);
  expect(await rows.nth(1).textContent()).toContain('Contoso <i>Ltd</i>');
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Save as CSV' }).click(),
  ]);
  const csv = await readFile(await download.path(), 'utf8');
  expect(csv.split('\r\n')[0]).toBe('tenant_id,tenant_name,DeviceName');
  expect(csv.trim().split('\r\n')).toHaveLength(13);
});

inBrowser('a saved query asks for its parameters', SLOW, async () => {
  const page = await signIn(sandbox);
  await openView(page, '/hunts');
  await page.getByLabel('Query (KQL)').fill('DeviceInfo | where DeviceName startswith prefix');
  await page.getByRole('button', { name: 'Save the query' }).click();
  await page.getByLabel('Save as').fill('devices');
  await page.getByLabel('Parameters and their types').fill('prefix: string');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByLabel('Saved query').selectOption('devices');
  await page.getByLabel('prefix (string)').fill('zzz');
  await page.getByRole('button', { name: 'Run the hunt' }).click();
  await page.getByRole('heading', { name: 'devices' }).waitFor();
  await sandbox.host.drainQueues();
  await page.getByText('Every customer was asked, and nothing was found.').waitFor();
  await page.getByRole('button', { name: 'Change and run again' }).click();
  expect(await page.getByLabel('Query (KQL)').inputValue()).toContain('startswith prefix');
});

inBrowser('what Microsoft refuses is said once; the hunt can be removed', SLOW, async () => {
  const page = await signIn(sandbox);
  await openView(page, '/hunts');
  await page.getByLabel('Query (KQL)').fill('DeviceInfo | project Nothing');
  await page.getByRole('button', { name: 'Run the hunt' }).click();
  await page.getByRole('heading', { name: 'Hunt', exact: true }).waitFor();
  await sandbox.host.drainQueues();
  await page.getByText('Microsoft refuses the query at 2 customers.').waitFor();
  expect(await page.getByText("named 'Nothing'").count()).toBe(1);
  const address = page.url();
  await page.getByRole('button', { name: 'Remove' }).click();
  await page.getByRole('heading', { name: 'Your hunts' }).waitFor();
  expect(await page.locator(`a[href="${new URL(address).hash}"]`).count()).toBe(0);
});

inBrowser('a query that is no query is refused beside the form, and stays', SLOW, async () => {
  const page = await signIn(sandbox);
  await openView(page, '/hunts');
  await page.getByLabel('Query (KQL)').fill('DeviceInfo | where "');
  await page.getByRole('button', { name: 'Run the hunt' }).click();
  await page.getByRole('alert').waitFor();
  expect(await page.getByLabel('Query (KQL)').inputValue()).toBe('DeviceInfo | where "');
});

/** Makes a hunt of the operator that is signed in, at Contoso and at nobody's customer. */
async function startHunt(page: Page, name: string): Promise<void> {
  const tenants = [contoso.tenant.tenantId, '0e6f2f6c-7f66-4b7a-9f0b-0a3a6d3f7a10'];
  const body = JSON.stringify({ query: 'DeviceInfo | take 1', tenants, name });
  const status = await page.evaluate(async (text) => {
    const headers = { 'x-requested-with': 'console', 'content-type': 'application/json' };
    return (await fetch('/api/hunts', { method: 'POST', headers, body: text })).status;
  }, body);
  expect(status).toBe(202);
}

inBrowser(
  'a hunt that runs and one that left a customer out stand with the needs',
  SLOW,
  async () => {
    const page = await signIn(sandbox);
    await startHunt(page, 'Left out');
    await sandbox.host.drainQueues();
    await startHunt(page, 'Under way');
    await openView(page, '/customers');
    await openView(page, '/');
    const left = page.locator('main [data-row]', { hasText: 'Left out' });
    await left.getByText('1 customer not covered').waitFor();
    await page.locator('main [data-row]', { hasText: 'Under way' }).getByText('Running').waitFor();
    await page.getByText('Hunts running').waitFor();
    await sandbox.host.drainQueues();
    await left.getByRole('link').click();
    await page.getByRole('heading', { name: 'Left out' }).waitFor();
  },
);

inBrowser('hunts that can not be looked at are no empty list', SLOW, async () => {
  const page = await signIn(sandbox);
  await page.route('**/api/overview', async (route) => {
    const answer = await route.fetch();
    const body = { ...(await answer.json()), hunts: { unreadable: true, value: [] } };
    await route.fulfill({ response: answer, json: body });
  });
  await openView(page, '/customers');
  await openView(page, '/');
  await page.getByText('Your hunts could not be looked at just now.').waitFor();
  await page.getByText('Unknown', { exact: true }).waitFor();
});
