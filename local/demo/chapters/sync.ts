import {
  type Change,
  changesSchema,
  expectAnswer,
  graphIncidentSchema,
  incidentListSchema,
  type Sync,
  sandboxSchema,
  syncedTenantSchema,
  tokenSchema,
} from '../answers.ts';
import { type Customer, type DemoContext, runTimer } from '../context.ts';
import { DemoError, expectSame } from '../demo-error.ts';
import { flip } from '../environment.ts';
import { send } from '../http.ts';
import type { Notes } from '../progress.ts';
import type { SyncRow } from '../sync-table.ts';

/**
 * A sandbox that runs by itself syncs each customer once in half a minute, give or take half of it.
 */
const TIMEOUT_MS = 100_000;
const INTERVAL = 500;

/** Who changes the incident in the story. */
const ANALYST = 'analyst@northwind.example';

/**
 * Syncs all customers, one of them through Graph, and asserts that each has as many incidents as
 * Microsoft.
 */
export async function syncAll(context: DemoContext, notes: Notes): Promise<void> {
  const { fabrikam } = context.customers;
  const body = { incident_source: 'graph' };
  const chosen = await context.call(`PATCH /tenants/${fabrikam.tenantId}`, body);
  expectAnswer(chosen, 200, syncedTenantSchema);
  const reported = new Set<Customer>();
  await until(context, 'every customer to be synced', async () => {
    for (const customer of listCustomers(context)) {
      const { complete_up_to: upTo, source, running } = await readSync(context, customer);
      if (upTo === undefined || running !== undefined || reported.has(customer)) continue;
      reported.add(customer);
      const count = (await listIncidents(context, customer)).length;
      notes.report(`${customer.name.padEnd(9)} ${count} incidents by ${source}, complete`);
    }
    return reported.size === listCustomers(context).length;
  });
  expectSame('the API of Fabrikam', (await readSync(context, fabrikam)).source, 'graph');
  for (const customer of listCustomers(context)) {
    const count = (await listIncidents(context, customer)).length;
    if (count < 12)
      throw new DemoError(`Expected of ${customer.name}: 12 incidents\nGot: ${count}`);
  }
}

/**
 * Has one customer throttled and an incident raised at another, and asserts that only the one
 * waits.
 */
export async function syncThrottled(context: DemoContext, notes: Notes): Promise<void> {
  const { adatum, contoso } = context.customers;
  const before = await readAll(context);
  await flip(context.fetch, context.environment, `throttle?tenant=${adatum.domain}`);
  await flip(context.fetch, context.environment, `incident?tenant=${contoso.domain}`);
  await until(context, 'Adatum to be throttled and the others to be synced', async () => {
    const after = await readAll(context);
    return listCustomers(context).every((customer) =>
      customer === adatum
        ? after.get(customer)?.last_failure?.problem === 'throttled'
        : isLater(after.get(customer), before.get(customer)),
    );
  });
  const after = await readAll(context);
  const stood = after.get(adatum)?.complete_up_to;
  expectSame(
    'up to when Adatum is complete',
    stood ?? '',
    before.get(adatum)?.complete_up_to ?? '',
  );
  for (const [{ name }, sync] of after) {
    const why = sync.last_failure ? `, ${sync.last_failure.problem}` : '';
    notes.note(`${name.padEnd(9)} data is ${sync.data_age_seconds ?? 0} s old${why}`);
  }
}

/** Where the feed ends now. */
export async function readEnd(context: DemoContext): Promise<string> {
  return await readFeed(context, undefined, () => undefined);
}

/** Finds the incident that was raised in the feed; answers where to go on. */
export async function findRaised(
  context: DemoContext,
  cursor: string,
  notes: Notes,
): Promise<string> {
  const { tenantId, name } = context.customers.contoso;
  let raised: Change | undefined;
  const next = await readFeed(context, cursor, (change) => {
    if (change.kind === 'created' && change.incident.tenant_id === tenantId) raised = change;
  });
  if (!raised) throw new DemoError('Expected in the feed: an incident of Contoso\nGot: none');
  notes.note(`Change ${raised.sequence}: ${raised.kind} ${raised.incident.incident_id} of ${name}`);
  return next;
}

/**
 * Changes an incident and asserts that Microsoft has the change and that the feed tells it; answers
 * what it tells.
 */
export async function changeIncident(
  context: DemoContext,
  cursor: string,
  notes: Notes,
): Promise<Change> {
  const { fabrikam } = context.customers;
  const path = `/tenants/${fabrikam.tenantId}/incidents/1001`;
  const comment = `The demo looks into it (${Date.now()}).`;
  const change = { status: 'inProgress', assigned_to: ANALYST, comment };
  expectSame('the answer to the change', (await context.call(`PATCH ${path}`, change)).status, 200);
  const upstream = await readFromGraph(context, fabrikam, '1001');
  expectSame('who has it at Microsoft', upstream.assignedTo ?? '', ANALYST);
  notes.note(`Microsoft has it: ${upstream.status}, with ${upstream.comments.length} comment`);
  let told: Change | undefined;
  await readFeed(context, cursor, (one) => {
    if (one.incident.comments.some((said) => said.comment === comment)) told = one;
  });
  if (!told) throw new DemoError("Expected in the feed: Fabrikam's change\nGot: none");
  notes.note(`Change ${told.sequence}: ${told.kind} ${told.incident.incident_id} of Fabrikam`);
  return told;
}

/** How every customer's sync stands; takes back that one is throttled. */
export async function toSyncRows(context: DemoContext): Promise<readonly SyncRow[]> {
  const listed = await send(context.fetch, `GET ${context.environment.microsoftUrl}/sandbox/`);
  const { customers } = expectAnswer(listed, 200, sandboxSchema);
  const rows = listCustomers(context).map(async (customer): Promise<SyncRow> => {
    const sync = await readSync(context, customer);
    const known = customers.find(({ tenant_id: id }) => id === customer.tenantId);
    return {
      name: customer.name,
      source: sync.source,
      incidents: (await listIncidents(context, customer)).length,
      completeUpTo: sync.complete_up_to ?? 'never',
      dataAgeSeconds: sync.data_age_seconds ?? 0,
      calls: known?.incident_calls ?? 0,
    };
  });
  const all = await Promise.all(rows);
  await flip(context.fetch, context.environment, 'calm');
  return all;
}

function listCustomers({ customers }: DemoContext): readonly Customer[] {
  return Object.values(customers);
}

async function readSync({ call }: DemoContext, { tenantId }: Customer): Promise<Sync> {
  return expectAnswer(await call(`GET /tenants/${tenantId}`), 200, syncedTenantSchema).sync;
}

async function readAll(context: DemoContext): Promise<ReadonlyMap<Customer, Sync>> {
  const syncs = new Map<Customer, Sync>();
  for (const customer of listCustomers(context))
    syncs.set(customer, await readSync(context, customer));
  return syncs;
}

function isLater(after: Sync | undefined, before: Sync | undefined): boolean {
  return (after?.complete_up_to ?? '') > (before?.complete_up_to ?? '');
}

async function listIncidents(
  { call }: DemoContext,
  { tenantId }: Customer,
): Promise<readonly unknown[]> {
  const answer = await call(`GET /incidents?limit=500&tenant=${tenantId}`);
  return expectAnswer(answer, 200, incidentListSchema).value;
}

async function readFeed(
  { call }: DemoContext,
  from: string | undefined,
  look: (change: Change) => void,
): Promise<string> {
  let cursor = from;
  for (;;) {
    const query = cursor === undefined ? '' : `&cursor=${cursor}`;
    const answer = await call(`GET /incidents/changes?limit=500${query}`);
    const page = expectAnswer(answer, 200, changesSchema);
    page.value.forEach(look);
    if (!page.has_more) return page.next_cursor;
    cursor = page.next_cursor;
  }
}

async function readFromGraph(context: DemoContext, { tenantId }: Customer, id: string) {
  const answer = await context.call(`POST /tenants/${tenantId}/token`, { resource: 'graph' });
  const { access_token: token } = expectAnswer(answer, 200, tokenSchema);
  const url = `${context.environment.microsoftUrl}/v1.0/security/incidents/${id}`;
  return expectAnswer(await send(context.fetch, `GET ${url}`, { token }), 200, graphIncidentSchema);
}

/** Runs the timer until something is so. */
async function until(
  context: DemoContext,
  what: string,
  isSo: () => Promise<boolean>,
): Promise<void> {
  const deadline = Date.now() + TIMEOUT_MS;
  while (Date.now() < deadline) {
    await runTimer(context, 'syncIncidents');
    await context.pause(INTERVAL);
    if (await isSo()) return;
  }
  throw new DemoError(`Expected: ${what}\nGot: nothing of the kind in ${TIMEOUT_MS / 1000} s`);
}
