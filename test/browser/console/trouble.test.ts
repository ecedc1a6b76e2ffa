import type { Page, Route } from 'playwright-core';
import { expect } from 'vitest';
import { seedIncidents } from '../../../local/sandbox/onboard-customers.ts';
import { startEnvironment } from '../../functions/set-up.ts';
import { inBrowser, SLOW, watchPolicy } from '../set-up.ts';
import { openView, signIn } from './set-up.ts';

const { sandbox, operator, onboard } = await startEnvironment();
const { tenant } = await onboard('Contoso');
const NAME = `<img src=x onerror=alert(1)>\u202e${'ä'.repeat(100)}`;
await operator.call('PATCH', `/tenants/${tenant.tenantId}`, {
  display_name: NAME,
  tags: ['a-tag-of-forty-characters-without-an-end'],
});
seedIncidents(sandbox.microsoft.incidents, tenant.tenantId);
sandbox.microsoft.incidents.createIncident(tenant.tenantId, {
  at: Date.now() - 1000,
  change: { incidentName: `<script>alert(1)</script>\u202e${'x'.repeat(10_000)}` },
});
await sandbox.host.runFunction('syncIncidents');
await sandbox.host.drainQueues();

const REFUSALS = [403, 409, 429, 503, 401].map((status) => ({
  status,
  headers: { 'retry-after': '1' },
  json: {
    ...{ error: 'x', error_description: `Refused ${status}.`, remedy: 'Wait.' },
    ...{ owner: 'microsoft', correlation_id: 'c' },
  },
}));

/** Answers each change in turn: one that works, the refusals, and one that gets no answer. */
async function answerChanges(page: Page): Promise<readonly string[]> {
  const sent: string[] = [];
  const answers: ((route: Route) => Promise<void>)[] = [
    (route) => route.fulfill({ json: {} }),
    (route) => route.abort('connectionreset'),
    (route) => route.fulfill({ status: 502, body: '<h1>Bad Gateway</h1>' }),
    ...REFUSALS.map((refusal) => (route: Route) => route.fulfill(refusal)),
  ];
  await page.route('**/incidents/*', async (route) => {
    if (route.request().method() !== 'PATCH') return await route.continue();
    sent.push(new URL(route.request().url()).pathname);
    await (answers.shift() ?? ((rest: Route) => rest.abort()))(route);
  });
  return sent;
}

inBrowser(
  'each row of a change of many says what happened; nothing is sent twice',
  SLOW,
  async () => {
    const page = await signIn(sandbox);
    const sent = await answerChanges(page);
    await openView(page, '/incidents');
    await page.getByRole('checkbox').first().waitFor();
    for (let row = 1; row <= 8; row++) await page.getByRole('checkbox').nth(row).check();
    await page.getByRole('button', { name: 'Change 8 incidents' }).click();
    await page.getByLabel('Comment').fill('Seen on Monday');
    await page.getByRole('button', { name: 'Change', exact: true }).click();
    const done = page.getByRole('button', { name: 'Done' });
    await expect.poll(() => done.isEnabled(), { timeout: 20_000 }).toBe(true);
    const rows = await page.getByRole('dialog').getByRole('listitem').allTextContents();
    expect(rows.map((row) => row.replace(/^.*?: /, '').slice(0, 27))).toEqual([
      'changed.',
      'unknown. The broker does no',
      "unknown. The broker's host ",
      ...[403, 409, 429, 503, 401].map((status) => `not changed. Refused ${status}. W`),
    ]);
    expect(new Set(sent).size).toBe(8);
    expect(sent).toHaveLength(8);
    await page.getByRole('dialog').getByText('Your session has ended.').waitFor();
  },
);

inBrowser('what was typed survives the end of the session', SLOW, async () => {
  const page = await signIn(sandbox);
  await openView(page, '/onboarding?open=one');
  await page.getByLabel('Domain or tenant id').fill('fabrikam.example');
  await page.getByLabel('Note').fill('Long, and typed once');
  await page.context().clearCookies();
  await page.getByRole('button', { name: 'Make the link' }).click();
  await page.getByRole('dialog').getByRole('link', { name: 'Sign in again' }).click();
  await page.getByRole('button', { name: 'Olivia' }).click();
  await page.getByRole('dialog').waitFor();
  expect(await page.getByLabel('Domain or tenant id').inputValue()).toBe('fabrikam.example');
  expect(await page.getByLabel('Note').inputValue()).toBe('Long, and typed once');
});

inBrowser('markup, turned text and 10,000 characters are text, also on a phone', SLOW, async () => {
  const page = await signIn(sandbox, 'Olivia', { viewport: { width: 390, height: 800 } });
  const violations = watchPolicy(page);
  const excesses: number[] = [];
  for (const view of ['/customers', `/customers/${tenant.tenantId}`, '/incidents', '/audit']) {
    await openView(page, view);
    await page.getByText('<img src=x onerror').first().waitFor();
    excesses.push(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth));
  }
  expect(excesses.map((excess) => Math.max(0, excess))).toEqual([0, 0, 0, 0]);
  expect(await page.locator('img, main script').count()).toBe(0);
  expect(violations).toEqual([]);
});

inBrowser('who lacks the role of a view is named it', SLOW, async () => {
  const page = await signIn(sandbox, 'Rita');
  const notes: (string | null)[] = [];
  for (const view of ['/onboarding', '/hunts', '/access', '/audit']) {
    await openView(page, view);
    notes.push(await page.getByRole('note').locator('code').textContent());
  }
  expect(notes).toEqual(['Tenants.Manage', 'Hunting.Run', 'Policy.Manage', 'Audit.Read']);
});

inBrowser('the API that incidents are read from is switched by one press', SLOW, async () => {
  const page = await signIn(sandbox, 'Manuel');
  await openView(page, `/customers/${tenant.tenantId}`);
  await page.getByRole('button', { name: 'Read from Graph' }).click();
  await page.getByRole('button', { name: 'Read from Defender XDR' }).waitFor();
  const { body } = await operator.call('GET', `/tenants/${tenant.tenantId}`);
  expect(body.sync.source).toBe('graph');
});
