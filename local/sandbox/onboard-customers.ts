import { settleAll } from '../../shared/concurrency.ts';
import type { Severity } from '../defender/incident.ts';
import type { IncidentStore } from '../defender/incident-store.ts';
import { createAdminBrowser } from '../entra/admin-browser.ts';
import { dropRole, revokeConsent } from '../entra/directory/grants.ts';
import { injectFault } from '../entra/faults.ts';
import type { BrokerClient } from './client.ts';
import type { CustomerState } from './customer-state.ts';
import { type Customer, wasOnboarded } from './customers.ts';
import type { Microsoft } from './microsoft.ts';
import type { Partner } from './partner.ts';

/** What brings customers into their states. */
export interface OnboardingParts {
  readonly partner: Partner;
  readonly microsoft: Microsoft;
  readonly client: BrokerClient;
  /** Called when another customer is ready. */
  readonly onProgress?: ((done: number, of: number) => void) | undefined;
}

/** As many admins consent at the same time; more would only wait for the processor. */
const CONCURRENCY = 4;

/**
 * Brings the customers into their states by the broker's own ways: invitation, sign-in, consent.
 */
export async function onboardCustomers(
  customers: readonly Customer[],
  parts: OnboardingParts,
): Promise<void> {
  let done = 0;
  const outcomes = await settleAll(customers, CONCURRENCY, async (customer) => {
    if (wasOnboarded(customer)) {
      await onboard(parts.client, customer);
      await tag(parts.client, customer);
    }
    seedIncidents(parts.microsoft.incidents, customer.tenant.tenantId);
    await ARRIVE[customer.state]?.(customer, parts);
    done += 1;
    parts.onProgress?.(done, customers.length);
  });
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed) throw failed.reason;
}

type Arrive = (customer: Customer, parts: OnboardingParts) => void | Promise<void>;

const ROLES = ['Incident.Read.All', 'Incident.ReadWrite.All'];

/** What happened to a customer after its consent, or instead of it. */
const ARRIVE: Readonly<Partial<Record<CustomerState, Arrive>>> = {
  invited: async (customer, { client }) => {
    await invite(client, customer);
  },
  'link opened': async (customer, { client }) => {
    await createAdminBrowser().begin(await invite(client, customer));
  },
  'signed in': async (customer, { client }) => {
    const browser = createAdminBrowser();
    await browser.begin(await invite(client, customer));
    await browser.chooseAccount(customer.admin);
  },
  'consent revoked': async ({ tenant: { tenantId } }, { partner, client }) => {
    const { clientId } = partner.client;
    revokeConsent(partner.directory, { tenantId, clientId });
    await client.call('POST', `/tenants/${tenantId}/verify`);
  },
  'role missing': async ({ tenant: { tenantId } }, { partner, client }) => {
    const { clientId } = partner.client;
    for (const role of ROLES) dropRole(partner.directory, { tenantId, clientId, role });
    await client.call('POST', `/tenants/${tenantId}/verify`);
  },
  disabled: async ({ tenant }, { client }) => {
    await client.call('PATCH', `/tenants/${tenant.tenantId}`, { status: 'disabled' });
  },
  'slow roles': ({ tenant: { tenantId } }, { partner }) => {
    injectFault(partner.directory, { kind: 'role-lag', ms: 20_000, tenantId });
  },
  throttled: ({ tenant: { tenantId } }, { partner, microsoft }) => {
    injectFault(partner.directory, { kind: 'throttle', retryAfterSeconds: 60, tenantId });
    microsoft.defender.faults.inject({ kind: 'throttled', retryAfterSeconds: 60, tenantId });
  },
};

const DAY_MS = 24 * 60 * 60_000;
const INCIDENTS = 12;
const SEVERITIES: readonly Severity[] = ['High', 'Medium', 'Low', 'Informational'];

/** Incidents of the last day, of every severity, the newest a serious one. */
export function seedIncidents(incidents: IncidentStore, tenantId: string): void {
  const now = Date.now();
  const step = DAY_MS / (INCIDENTS - 1);
  for (let index = 0; index < INCIDENTS; index++) {
    const severity = SEVERITIES[(INCIDENTS - 1 - index) % SEVERITIES.length];
    const at = Math.round(now - DAY_MS + index * step);
    incidents.createIncident(tenantId, { at, ...(severity && { change: { severity } }) });
  }
}

/**
 * Invites a customer and consents as its admin, without a browser; answers the last page's address.
 */
export async function onboard(
  client: BrokerClient,
  customer: Customer,
  options: { readonly flow?: 'adminconsent' | 'authorize' } = {},
): Promise<{ url: string; status: number; html: string }> {
  const browser = createAdminBrowser();
  await browser.begin(await invite(client, customer, options));
  await browser.chooseAccount(customer.admin);
  await browser.accept();
  return browser;
}

/** Invites a customer by the name that people know; answers the link. */
async function invite(
  client: BrokerClient,
  { tenant, name }: Customer,
  options: object = {},
): Promise<string> {
  const { status, body } = await client.call('POST', '/invitations', {
    tenant: tenant.tenantId,
    display_name: name,
    note: 'Made by the sandbox',
    ...options,
  });
  if (status !== 201) throw new Error(`The invitation of ${name} was answered ${status}.`);
  return body.consent_url;
}

async function tag(client: BrokerClient, { tags = [], tenant }: Customer): Promise<void> {
  if (tags.length === 0) return;
  await client.call('PATCH', `/tenants/${tenant.tenantId}`, { tags });
}
