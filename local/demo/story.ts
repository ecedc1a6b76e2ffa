import { expectAnswer, tenantSchema } from './answers.ts';
import { serveAgent } from './chapters/agents.ts';
import { huntEverywhere } from './chapters/hunting.ts';
import { readAllIncidents, readIncidents } from './chapters/incidents.ts';
import { consent, consentSlowly, DONE, expectActive, invite } from './chapters/onboarding.ts';
import { watchRefresh } from './chapters/refresh.ts';
import { findRevokedConsent } from './chapters/revoked-consent.ts';
import {
  changeIncident,
  findRaised,
  readEnd,
  syncAll,
  syncThrottled,
  toSyncRows,
} from './chapters/sync.ts';
import { getToken, getTokens } from './chapters/tokens.ts';
import { tellReceiver } from './chapters/webhooks.ts';
import { type Customer, createDemoContext, type DemoContext } from './context.ts';
import type { DemoEnvironment } from './environment.ts';
import type { HuntRow } from './hunt-table.ts';
import { createProgress, type Screen, type Step } from './progress.ts';
import type { SyncRow } from './sync-table.ts';
import type { Row } from './table.ts';

const STEPS = 17;

/** How everybody stands at the end. */
interface Ending {
  readonly rows: readonly Row[];
  readonly syncs: readonly SyncRow[];
  readonly hunted: readonly HuntRow[];
}

/**
 * Tells the whole story over HTTP alone; rejects with a DemoError at the first step that does not
 * hold.
 */
export async function tellStory(environment: DemoEnvironment, screen: Screen): Promise<Ending> {
  const step = createProgress(screen, STEPS);
  const context = await step("Getting the operator's token", () =>
    createDemoContext(environment, screen.signal),
  );
  const { contoso, fabrikam } = context.customers;
  await onboardAll(context, step);
  await step('Getting the token of each customer', (notes) => getTokens(context, notes));
  const incidents = await step("Reading each customer's incidents from Defender", (notes) =>
    readAllIncidents(context, notes),
  );
  await step("Refreshing Fabrikam's token by the timer", (notes) =>
    watchRefresh(context, fabrikam, notes),
  );
  const repairUrl = await step("Finding out that Contoso's consent was revoked", (notes) =>
    findRevokedConsent(context, contoso, notes),
  );
  await step("Contoso's admin consents again by that link", async () => {
    await consent(context, contoso, { url: repairUrl, page: DONE });
    await expectActive(context, contoso);
    await readIncidents(context, contoso);
  });
  const hunted = await step('Hunting at all customers; Adatum has no mail product', (notes) =>
    huntEverywhere(context, notes),
  );
  const syncs = await syncIncidents(context, step);
  const rows = await Promise.all(
    Object.values(context.customers).map((customer) =>
      toRow(context, customer, incidents.get(customer) ?? 0),
    ),
  );
  return { rows, syncs, hunted };
}

async function syncIncidents(context: DemoContext, step: Step): Promise<readonly SyncRow[]> {
  await step("Syncing all incidents, Fabrikam's through Graph", (notes) => syncAll(context, notes));
  const end = await readEnd(context);
  await step('Microsoft throttles Adatum; Contoso has a new incident', (notes) =>
    syncThrottled(context, notes),
  );
  const next = await step('Reading from the feed what happened', (notes) =>
    findRaised(context, end, notes),
  );
  const since = Date.now();
  const change = await step("Changing an incident of Fabrikam's at Microsoft", (notes) =>
    changeIncident(context, next, notes),
  );
  await step('Telling it to a receiver of webhooks, signed', (notes) =>
    tellReceiver(context, { change, since }, notes),
  );
  await step('An agent resolves incidents by MCP, and meets no token', (notes) =>
    serveAgent(context, notes),
  );
  return await toSyncRows(context);
}

async function onboardAll(context: DemoContext, step: Step): Promise<void> {
  const { contoso, fabrikam, adatum } = context.customers;
  const urls = await step('Inviting Contoso, Fabrikam and Adatum', async () => ({
    contoso: await invite(context, contoso),
    fabrikam: await invite(context, fabrikam, 'authorize'),
    adatum: await invite(context, adatum),
  }));
  await step("Contoso's admin consents", async () => {
    await consent(context, contoso, { url: urls.contoso, page: DONE });
    await expectActive(context, contoso);
  });
  await step("Fabrikam's admin consents by the older authorize link", async () => {
    await consent(context, fabrikam, { url: urls.fabrikam, page: DONE });
    await expectActive(context, fabrikam);
  });
  await step("Adatum's admin consents; Microsoft applies the roles late", (notes) =>
    consentSlowly(context, adatum, { url: urls.adatum, notes }),
  );
}

const NOTES: Readonly<Record<string, string>> = {
  Contoso: 'revoked and consented again',
  Fabrikam: 'short-lived tokens, refreshed by the timer',
  Adatum: 'active once the roles were there',
};

async function toRow(context: DemoContext, customer: Customer, incidents: number): Promise<Row> {
  const { name, domain, tenantId } = customer;
  const answer = await context.call(`GET /tenants/${tenantId}`);
  const { status } = expectAnswer(answer, 200, tenantSchema);
  const { hash, secondsLeft, roles } = await getToken(context, customer, domain);
  const note = NOTES[name] ?? '';
  return { name, tenantId, status, tokenHash: hash, secondsLeft, incidents, roles, note };
}
