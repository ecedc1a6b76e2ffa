import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { startEnvironment } from '../../functions/set-up.ts';
import { inBrowser, SLOW } from '../set-up.ts';
import { openView, signIn } from './set-up.ts';

const { sandbox, operator, onboard } = await startEnvironment();
const { tenant } = await onboard('Contoso');
const TENANT = `/tenants/${tenant.tenantId}`;
const TOOL = '5d0b9a3e-7c1f-4e0a-9a53-0c8f7a6a2b11';
const allow = (id: string) => ({ id, effect: 'allow', tenants: ['*'], resources: ['graph'] });

/** Both open the same view. */
async function openBoth(view: string): Promise<readonly [first: Page, second: Page]> {
  const first = await signIn(sandbox, 'Manuel');
  const second = await signIn(sandbox, 'Olivia');
  for (const page of [first, second]) await openView(page, view);
  return [first, second];
}

async function typeTags(page: Page, tags: string) {
  await page.getByLabel('Tags, separated by spaces').fill(tags);
  await page.getByRole('button', { name: 'Save' }).click();
}

inBrowser(
  'the second who changes a customer is told by whom, and loses nothing',
  SLOW,
  async () => {
    const [first, second] = await openBoth(`/customers/${tenant.tenantId}`);
    for (const page of [first, second]) {
      await page.getByRole('button', { name: 'Edit settings' }).click();
    }
    await typeTags(first, 'gold emea');
    await first.getByRole('button', { name: 'Edit settings' }).waitFor();
    await typeTags(second, 'silver');
    const notice = second.getByRole('alert');
    await notice.getByText('Manuel changed this customer').waitFor();
    const row = notice.getByRole('row', { name: 'Tags' });
    await expect.poll(() => row.textContent()).toBe('Tagsgold emeasilver');
    expect(await second.getByLabel('Tags, separated by spaces').inputValue()).toBe('silver');
    expect((await operator.call('GET', TENANT)).body.tags).toEqual(['gold', 'emea']);
    await second.getByRole('button', { name: 'Save mine' }).click();
    await second.getByRole('button', { name: 'Edit settings' }).waitFor();
    expect((await operator.call('GET', TENANT)).body.tags).toEqual(['silver']);
  },
);

inBrowser('what was typed over an older version stays so after a sign-in', SLOW, async () => {
  const page = await signIn(sandbox, 'Olivia');
  await openView(page, `/customers/${tenant.tenantId}`);
  await page.getByRole('button', { name: 'Edit settings' }).click();
  await page.getByLabel('Tags, separated by spaces').fill('bronze');
  await page.context().clearCookies();
  await page.getByRole('button', { name: 'Save' }).click();
  await operator.call('PATCH', TENANT, { tags: ['apac'] });
  await page.getByRole('link', { name: 'Sign in again' }).click();
  await page.getByRole('button', { name: 'Olivia' }).click();
  await page.getByLabel('Tags, separated by spaces').waitFor();
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('operator changed this customer').waitFor();
  await page.getByRole('button', { name: 'Keep what is there' }).click();
  await page.getByText('apac', { exact: true }).waitFor();
});

inBrowser('who disables what a colleague has changed is told first', SLOW, async () => {
  const [first, second] = await openBoth(`/customers/${tenant.tenantId}`);
  await second.getByRole('button', { name: 'Disable' }).waitFor();
  await first.getByRole('button', { name: 'Disable' }).click();
  await first.getByRole('button', { name: 'Enable' }).waitFor();
  await second.getByRole('button', { name: 'Disable' }).click();
  await second.getByRole('button', { name: 'Enable' }).waitFor();
  await first.getByRole('button', { name: 'Edit settings' }).click();
  await typeTags(first, 'gold');
  await first.getByRole('button', { name: 'Edit settings' }).waitFor();
  await second.getByRole('button', { name: 'Enable' }).click();
  await second.getByText('Manuel changed this customer').waitFor();
  expect((await operator.call('GET', TENANT)).body.status).toBe('disabled');
});

inBrowser('rules that two edit are not overwritten unseen', SLOW, async () => {
  await operator.call('PUT', `/callers/${TOOL}`, { rules: [allow('a')], display_name: 'SOAR' });
  const page = await signIn(sandbox, 'Olivia');
  await openView(page, `/access/${TOOL}`);
  await page.getByLabel('One rule a line').fill('mine: allow graph of tag:gold');
  await operator.call('PUT', `/callers/${TOOL}`, { rules: [allow('b')], display_name: 'SOAR' });
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('operator changed this caller').waitFor();
  const row = page.getByRole('row', { name: 'Rules' });
  await expect.poll(() => row.textContent()).toContain('b: allow graph of *');
  expect(await page.getByLabel('One rule a line').inputValue()).toContain('mine: allow');
  await page.getByRole('button', { name: 'Save mine' }).click();
  await page.getByRole('button', { name: 'Save', exact: true }).waitFor();
  expect((await operator.call('GET', `/callers/${TOOL}`)).body.rules[0].id).toBe('mine');
});

inBrowser('a caller that is there already is not made anew', SLOW, async () => {
  const page = await signIn(sandbox, 'Olivia');
  await openView(page, '/access/new');
  await page.getByLabel('Client id of the tool').fill(TOOL);
  await page.getByLabel('One rule a line').fill('all: allow * of *');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('link', { name: 'Look at what is there' }).click();
  await page.getByRole('button', { name: 'Block' }).waitFor();
  expect((await operator.call('GET', `/callers/${TOOL}`)).body.rules[0].id).toBe('mine');
});
