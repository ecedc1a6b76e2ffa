import { expect } from 'vitest';
import { startEnvironment } from '../../functions/set-up.ts';
import { inBrowser, SLOW } from '../set-up.ts';
import { openView, signIn } from './set-up.ts';

const { sandbox, operator, invite, customer, forgeConsent } = await startEnvironment();

async function listInvitations(status: string) {
  return (await operator.call('GET', `/invitations?status=${status}&limit=100`)).body.value;
}

inBrowser('a customer is invited with a mail in its language', SLOW, async () => {
  const page = await signIn(sandbox);
  await page.getByRole('link', { name: 'Onboarding' }).click();
  await page.getByRole('button', { name: 'Invite a customer' }).click();
  await page.getByLabel('Domain or tenant id').fill('contoso.example');
  await page.getByLabel('Name').fill('Contoso <b>Ltd</b>');
  await page.getByRole('button', { name: 'Make the link' }).click();
  const link = await page.getByLabel('Link', { exact: true }).inputValue();
  expect((await fetch(link)).status).toBe(200);
  await page.getByLabel('Language of the mail').selectOption('it');
  const mail = await page.getByLabel('Mail', { exact: true }).inputValue();
  expect(mail).toContain('Buongiorno');
  expect(mail).toContain(link);
  expect(page.url()).not.toContain(new URL(link).searchParams.get('invitation') ?? 'none');
  await page.getByRole('button', { name: 'Close' }).click();
  const row = page.getByRole('row', { name: 'Contoso <b>Ltd</b>' });
  await row.getByRole('button', { name: 'Withdraw' }).click();
  await row.getByText('Revoked').waitFor();
  expect((await fetch(link)).status).not.toBe(200);
});

inBrowser('a pasted list is invited; what is refused stays to be corrected', SLOW, async () => {
  const page = await signIn(sandbox, 'Manuel');
  await openView(page, '/onboarding?open=many');
  const pasted = 'tenant;name\nfabrikam.example;Fabrikam Srl\nnobody.invalid;Nobody';
  await page.getByLabel('One customer a line').fill(pasted);
  await page.getByRole('button', { name: 'Invite 2 customers' }).click();
  await page.getByText('1 of 2 are invited.').waitFor();
  const refused = page.getByRole('row', { name: 'nobody.invalid' });
  expect(await refused.textContent()).toContain('does not know');
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Save links' }).click(),
  ]);
  expect(download.suggestedFilename()).toBe('invitations.csv');
  await page.getByRole('button', { name: 'Close' }).last().click();
  await page.getByRole('button', { name: 'Invite many' }).click();
  expect(await page.getByLabel('One customer a line').inputValue()).toBe('nobody.invalid\tNobody');
  const { tenantId } = customer('Fabrikam').tenant;
  const sent = (await listInvitations('sent')) as { tenant_id: string }[];
  expect(sent.filter((one) => one.tenant_id === tenantId)).toHaveLength(1);
});

inBrowser('who waits for an approval is named, and let in by one press', SLOW, async () => {
  const { user, tenant } = customer('Adatum');
  await forgeConsent(await invite({ note: 'Trade fair' }), user);
  const page = await signIn(sandbox);
  await openView(page, '/onboarding');
  await page.getByRole('button', { name: /Awaiting approval/ }).click();
  const row = page.getByRole('row', { name: 'Trade fair' });
  expect(await row.textContent()).toContain(`${user} of adatum.example accepted`);
  await row.getByRole('button', { name: 'Approve adatum.example' }).click();
  await page.getByText('No invitation stands at this step.').waitFor();
  const found = await operator.call('GET', `/tenants/${tenant.tenantId}`);
  expect(found.status).toBe(200);
});

inBrowser('who may not invite is named the role that it takes', SLOW, async () => {
  const page = await signIn(sandbox, 'Rita');
  await openView(page, '/onboarding');
  expect(await page.getByRole('note').textContent()).toContain('Tenants.Manage');
  expect(await page.getByRole('button', { name: 'Invite a customer' }).count()).toBe(0);
});
