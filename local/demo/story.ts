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
import type { HuntRow } from './hunt-table.ts';
import { createProgress, type Screen, type Step } from './progress.ts';
import { type Customer, createScene, type Scene } from './scene.ts';
import type { Stage } from './stage.ts';
import type { SyncRow } from './sync-table.ts';
import type { Row } from './table.ts';

const STEPS = 17;

/** How everybody stands at the end. */
export interface Ending {
  readonly rows: readonly Row[];
  readonly syncs: readonly SyncRow[];
  readonly hunted: readonly HuntRow[];
}

/** Tells the whole story over HTTP alone; rejects with a DemoError at the first step that does not hold. */
export async function tellStory(stage: Stage, screen: Screen): Promise<Ending> {
  const step = createProgress(screen, STEPS);
  const scene = await step("Getting the operator's token", () => createScene(stage, screen.signal));
  const { contoso, fabrikam } = scene.customers;
  await onboardAll(scene, step);
  await step('Getting the token of each customer', (notes) => getTokens(scene, notes));
  const incidents = await step("Reading each customer's incidents from Defender", (notes) =>
    readAllIncidents(scene, notes),
  );
  await step("Refreshing Fabrikam's token by the timer", (notes) =>
    watchRefresh(scene, fabrikam, notes),
  );
  const repairUrl = await step("Finding out that Contoso's consent was revoked", (notes) =>
    findRevokedConsent(scene, contoso, notes),
  );
  await step("Contoso's admin consents again by that link", async () => {
    await consent(scene, contoso, { url: repairUrl, page: DONE });
    await expectActive(scene, contoso);
    await readIncidents(scene, contoso);
  });
  const hunted = await step('Hunting at all customers; Adatum has no mail product', (notes) =>
    huntEverywhere(scene, notes),
  );
  const syncs = await syncIncidents(scene, step);
  const rows = await Promise.all(
    Object.values(scene.customers).map((customer) =>
      toRow(scene, customer, incidents.get(customer) ?? 0),
    ),
  );
  return { rows, syncs, hunted };
}

async function syncIncidents(scene: Scene, step: Step): Promise<readonly SyncRow[]> {
  await step("Syncing all incidents, Fabrikam's through Graph", (notes) => syncAll(scene, notes));
  const end = await readEnd(scene);
  await step('Microsoft throttles Adatum; Contoso has a new incident', (notes) =>
    syncThrottled(scene, notes),
  );
  const next = await step('Reading from the feed what happened', (notes) =>
    findRaised(scene, end, notes),
  );
  const since = Date.now();
  const change = await step("Changing an incident of Fabrikam's at Microsoft", (notes) =>
    changeIncident(scene, next, notes),
  );
  await step('Telling it to a receiver of webhooks, signed', (notes) =>
    tellReceiver(scene, { change, since }, notes),
  );
  await step('An agent resolves incidents by MCP, and meets no token', (notes) =>
    serveAgent(scene, notes),
  );
  return await toSyncRows(scene);
}

async function onboardAll(scene: Scene, step: Step): Promise<void> {
  const { contoso, fabrikam, adatum } = scene.customers;
  const urls = await step('Inviting Contoso, Fabrikam and Adatum', async () => ({
    contoso: await invite(scene, contoso),
    fabrikam: await invite(scene, fabrikam, 'authorize'),
    adatum: await invite(scene, adatum),
  }));
  await step("Contoso's admin consents", async () => {
    await consent(scene, contoso, { url: urls.contoso, page: DONE });
    await expectActive(scene, contoso);
  });
  await step("Fabrikam's admin consents by the older authorize link", async () => {
    await consent(scene, fabrikam, { url: urls.fabrikam, page: DONE });
    await expectActive(scene, fabrikam);
  });
  await step("Adatum's admin consents; Microsoft applies the roles late", (notes) =>
    consentSlowly(scene, adatum, { url: urls.adatum, notes }),
  );
}

const NOTES: Readonly<Record<string, string>> = {
  Contoso: 'revoked and consented again',
  Fabrikam: 'short-lived tokens, refreshed by the timer',
  Adatum: 'active once the roles were there',
};

async function toRow(scene: Scene, customer: Customer, incidents: number): Promise<Row> {
  const { name, domain, tenantId } = customer;
  const answer = await scene.call(`GET /tenants/${tenantId}`);
  const { status } = expectAnswer(answer, 200, tenantSchema);
  const { hash, secondsLeft, roles } = await getToken(scene, customer, domain);
  const note = NOTES[name] ?? '';
  return { name, tenantId, status, tokenHash: hash, secondsLeft, incidents, roles, note };
}
