import { TableClient } from '@azure/data-tables';
import { expect, test } from 'vitest';
import { startEnvironment } from './set-up.ts';

const { sandbox, operator, onboard, customer, send } = await startEnvironment();
const { microsoft, host } = sandbox;
const [contoso, fabrikam, adatum] = await Promise.all(
  ['Contoso', 'Fabrikam', 'Adatum'].map(async (name) => {
    const { tenantId } = customer(name).tenant;
    const at = Date.now() - 60_000;
    microsoft.incidents.createBurst(tenantId, { count: 3, from: at, to: at });
    await onboard(name);
    return tenantId;
  }),
);

async function sync() {
  await host.runFunction('syncIncidents');
  await host.drainQueues();
}

const states = TableClient.fromConnectionString(
  sandbox.settings.AzureWebJobsStorage ?? '',
  'incidentsync',
  { allowInsecureConnection: true },
);

/** What was skipped may be tried again at once. */
async function letRetry(tenant: string) {
  const { skipped } = await states.getEntity<{ skipped: string }>(tenant, 'state');
  const due = JSON.parse(skipped).map((one: object) => ({ ...one, retryAt: 0 }));
  const row = { partitionKey: tenant, rowKey: 'state', skipped: JSON.stringify(due) };
  await states.updateEntity(row, 'Merge');
}

/** Syncs as if every tenant's turn had come. */
async function syncAgain() {
  const dueAt = new Date();
  for await (const { partitionKey = '', rowKey = '' } of states.listEntities()) {
    await states.updateEntity({ partitionKey, rowKey, dueAt }, 'Merge');
  }
  await sync();
}

async function read(path: string) {
  return (await operator.call('GET', path)).body;
}

async function readUpTo(tenant: string | undefined): Promise<string> {
  return (await read(`/tenants/${tenant}`)).sync.complete_up_to;
}

function countCalls(tenant: string | undefined) {
  const all = [...microsoft.defender.requests, ...microsoft.graph.requests];
  return all.filter(({ tenantId, method }) => tenantId === tenant && method === 'GET').length;
}

await operator.call('PATCH', `/tenants/${fabrikam}`, { incident_source: 'graph' });
await sync();

test("the timer's run brings every tenant's incidents into list and feed, by its own API", async () => {
  const { value, coverage } = await read('/incidents');
  expect(value).toHaveLength(9);
  expect(coverage.map((one: { late: boolean }) => one.late)).toEqual([false, false, false]);
  const feed = await read('/incidents/changes?limit=500');
  expect(feed.value.map(({ kind }: { kind: string }) => kind)).toEqual(Array(9).fill('created'));
  const sources = value.map((one: { tenant_id: string; source: string }) => [
    one.tenant_id === fabrikam,
    one.source,
  ]);
  expect(new Set(sources.map(String))).toEqual(new Set(['true,graph', 'false,defender-xdr']));
});

test('doubled messages of tenants that are not due cost no call', async () => {
  const before = countCalls(contoso);
  await send('incident-sync', { tenantId: contoso });
  await send('incident-sync', { tenantId: contoso });
  await host.drainQueues();
  expect(countCalls(contoso) - before).toBeLessThanOrEqual(1);
});

test('an incident API throttles one tenant: only its data grows older', async () => {
  const upTo = [await readUpTo(contoso), await readUpTo(adatum)];
  const { next_cursor: cursor } = await read('/incidents/changes?limit=500');
  microsoft.defender.faults.inject({ kind: 'throttled', tenantId: adatum ?? '', times: 1 });
  microsoft.incidents.createIncident(contoso ?? '');
  await syncAgain();
  const [before = '', throttled] = upTo;
  expect((await readUpTo(contoso)) > before).toBe(true);
  expect(await readUpTo(adatum)).toBe(throttled);
  expect((await read(`/tenants/${adatum}`)).sync.last_failure).toMatchObject({
    problem: 'throttled',
    owner: 'microsoft',
  });
  const feed = await read(`/incidents/changes?cursor=${cursor}`);
  expect(feed.value).toMatchObject([{ kind: 'created', incident: { tenant_id: contoso } }]);
});

test("an incident can't be read: every coverage says so, and it is fetched until it can", async () => {
  const [first] = microsoft.incidents.listIncidents(adatum ?? '');
  const incidentId = first?.incidentId ?? 0;
  const newest = { incident_id: String(incidentId), reason: 'malformed' };
  const alter = (page: { value: readonly unknown[] }) => ({
    ...page,
    value: page.value.map((row) =>
      (row as { incidentId: number }).incidentId === incidentId
        ? { ...(row as object), lastUpdateTime: 'soon', tags: [null] }
        : row,
    ),
  });
  microsoft.incidents.updateIncident({ tenantId: adatum ?? '', incidentId }, { tags: ['new'] });
  microsoft.defender.faults.inject({ kind: 'altered', alter, tenantId: adatum ?? '', times: 1 });
  await syncAgain();

  const skipped = { count: 1, newest };
  const list = await read(`/incidents?tenant=${adatum}`);
  const one = await read(`/tenants/${adatum}/incidents/${incidentId}`);
  // Where all stand is remembered for 10 s, unless an operator changes something.
  await operator.call('PATCH', `/tenants/${adatum}`, { tags: ['seen'] });
  const feed = await read('/incidents/changes?limit=500');
  expect([list.coverage[0].skipped, one.coverage.skipped]).toMatchObject([skipped, skipped]);
  expect(one.tags).not.toContain('new');
  expect(feed.coverage).toMatchObject({
    skipped_count: 1,
    skipped: [{ tenant_id: adatum, ...skipped }],
  });
  expect((await read(`/tenants/${adatum}`)).sync.skipped).toMatchObject([newest]);

  await letRetry(adatum ?? '');
  await syncAgain();
  const after = await read(`/tenants/${adatum}/incidents/${incidentId}`);
  expect(after).toMatchObject({ tags: ['new'], coverage: { skipped: { count: 0 } } });
});

test('a message of a tenant that was offboarded reads and writes nothing', async () => {
  const late = await send('incident-sync', { tenantId: fabrikam }, 600);
  await operator.call('DELETE', `/tenants/${fabrikam}`);
  const before = countCalls(fabrikam);
  await late.reveal();
  await host.drainQueues();
  expect(countCalls(fabrikam)).toBe(before);
  const { value } = await read('/incidents?limit=500');
  expect(value.filter((one: { tenant_id: string }) => one.tenant_id === fabrikam)).toEqual([]);
  const feed = await read('/incidents/changes?limit=500');
  expect(JSON.stringify(feed)).not.toContain(fabrikam);
});
