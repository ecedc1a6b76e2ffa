import type { AdminBrowser } from '../../entra/admin-browser.ts';
import { expectAnswer, invitationSchema, tenantSchema } from '../answers.ts';
import type { Customer, DemoContext } from '../context.ts';
import { DemoError, expectSame } from '../demo-error.ts';
import type { Notes } from '../progress.ts';

/** The headings of the page that an admin sees last. */
export const DONE = 'Done. Your consent is in place';
const STILL_VERIFYING = 'Microsoft is still applying your consent';

/** How often a tenant that is being verified is looked at, and how long. */
const INTERVAL = 300;
const TIMEOUT_MS = 90_000;

/** Invites a customer; answers the link for its admin. */
export async function invite(
  { call }: DemoContext,
  { domain, name }: Customer,
  flow: 'adminconsent' | 'authorize' = 'adminconsent',
): Promise<string> {
  const answer = await call('POST /invitations', { tenant: domain, flow, note: `Demo: ${name}` });
  return expectAnswer(answer, 201, invitationSchema).consent_url;
}

/**
 * Opens the link as the customer's admin, signs in and accepts; answers the browser on the last
 * page.
 */
export async function consent(
  { createBrowser }: DemoContext,
  { admin }: Customer,
  { url, page }: { readonly url: string; readonly page: string },
): Promise<AdminBrowser> {
  const browser = createBrowser();
  await browser.begin(url);
  await pressOn(browser, admin);
  await pressOn(browser, 'Accept');
  expectSame('the page after the consent', headingOf(browser), page);
  return browser;
}

/** Asserts that the broker took the proof for good. */
export async function expectActive({ call }: DemoContext, { tenantId }: Customer): Promise<void> {
  const answer = await call(`GET /tenants/${tenantId}`);
  expectSame('the status of the tenant', expectAnswer(answer, 200, tenantSchema).status, 'active');
}

/**
 * Consents where Microsoft applies roles late, and watches the broker look again until they are
 * there.
 */
export async function consentSlowly(
  context: DemoContext,
  customer: Customer,
  { url, notes }: { readonly url: string; readonly notes: Notes },
): Promise<void> {
  const browser = await consent(context, customer, { url, page: STILL_VERIFYING });
  notes.report(`The page says: ${STILL_VERIFYING}`);
  await watchVerification(context, customer, notes);
  await expectActive(context, customer);
  await browser.open(browser.url);
  expectSame('the page, opened again', headingOf(browser), DONE);
  notes.report(`The page says: ${DONE}`);
}

async function watchVerification(
  context: DemoContext,
  customer: Customer,
  notes: Notes,
): Promise<void> {
  const deadline = Date.now() + TIMEOUT_MS;
  let looks = 0;
  let last: string | undefined;
  while (Date.now() < deadline) {
    const answer = await context.call(`GET /tenants/${customer.tenantId}`);
    const { status, next_verification_at: next } = expectAnswer(answer, 200, tenantSchema);
    if (status !== 'verifying') return;
    if (next !== undefined && next !== last) {
      looks += 1;
      last = next;
      notes.report(`Look ${looks}: verifying, the roles are not there; next ${toWhen(next)}`);
    }
    await context.pause(INTERVAL);
  }
}

function toWhen(iso: string): string {
  const seconds = Math.max(0, Math.round((Date.parse(iso) - Date.now()) / 1000));
  return `look in ${seconds} s`;
}

/** The page that came instead says what is wrong; its address could hold a code. */
async function pressOn(browser: AdminBrowser, label: string): Promise<void> {
  if (!browser.html.includes(label)) {
    throw new DemoError(`Expected: a page with the button ${label}\nGot: ${headingOf(browser)}`);
  }
  await browser.press(label);
}

function headingOf({ html, status }: AdminBrowser): string {
  return /<h1>(.*?)<\/h1>/s.exec(html)?.[1] ?? `a page without heading (${status})`;
}
