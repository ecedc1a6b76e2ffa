import { expect, test } from 'vitest';
import { CONTOSO, FABRIKAM, NOW } from '../../local/defender/set-up.ts';
import { withDuplicate, withFields, withRow } from '../../support/altered-lists.ts';
import { countProcessorTime } from '../../support/processor-time.ts';
import { FIRST_PAGE, KEY, setUp, setUpAnswer } from './set-up.ts';

/** Two incidents, the first row being 1001 in the Defender API's list. */
async function setUpTwo() {
  const environment = await setUp();
  environment.incidents.createBurst(CONTOSO, { count: 2, from: NOW - 1000, to: NOW });
  environment.defender.configure({ order: 'oldest-update' });
  environment.graph.configure({ order: 'oldest-update' });
  return environment;
}

test.each([
  { what: 'no object', alter: withRow('incident'), incidentId: undefined },
  { what: 'null', alter: withRow(null), incidentId: undefined },
  { what: 'a list', alter: withRow([]), incidentId: undefined },
  { what: 'no id', alter: withFields({ incidentId: undefined }), incidentId: undefined },
  { what: 'a word for an id', alter: withFields({ incidentId: 'x/../y' }), incidentId: undefined },
  { what: 'zeros before its id', alter: withFields({ incidentId: '01' }), incidentId: undefined },
  { what: 'a broken id', alter: withFields({ incidentId: 1.5 }), incidentId: undefined },
  { what: 'an inexact id', alter: withFields({ incidentId: 2 ** 53 }), incidentId: undefined },
  { what: 'no update', alter: withFields({ lastUpdateTime: undefined }), incidentId: '1001' },
  { what: 'no readable update', alter: withFields({ lastUpdateTime: 'now' }), incidentId: '1001' },
])('a row with $what is skipped and the rest is used', async ({ alter, incidentId }) => {
  const { defender, xdr } = await setUpTwo();
  defender.faults.inject({ kind: 'altered', alter });

  const page = await xdr.list(CONTOSO, FIRST_PAGE);

  expect(page.skipped).toMatchObject([{ incidentId, reason: 'malformed' }]);
  expect(page.incidents.map(({ incident }) => incident.incidentId)).toEqual(['1002']);
  expect(page.rows.length).toBe(2);
});

test.each([
  { fields: { tags: [null] }, reads: { tags: [] } },
  { fields: { tags: [null, 'VIP', 7] }, reads: { tags: ['VIP'] } },
  { fields: { tags: 'VIP' }, reads: { tags: [] } },
  { fields: { comments: [null, 'text', [], 5] }, reads: { comments: [] } },
  { fields: { comments: {} }, reads: { comments: [] } },
  { fields: { severity: 3 }, reads: { severity: 'unknown' } },
  { fields: { status: { is: 'Active' } }, reads: { status: 'unknown' } },
  { fields: { redirectIncidentId: 0 }, reads: { redirectIncidentId: undefined } },
  { fields: { redirectIncidentId: '' }, reads: { redirectIncidentId: undefined } },
  { fields: { redirectIncidentId: 'next' }, reads: { redirectIncidentId: undefined } },
  { fields: { alerts: {} }, reads: { alertCount: undefined } },
  { fields: { alerts: null }, reads: { alertCount: undefined } },
  { fields: { incidentName: 5 }, reads: { name: '' } },
  { fields: { assignedTo: ['me'] }, reads: { assignedTo: undefined } },
  { fields: { createdTime: null }, reads: { createdAt: undefined } },
  { fields: { createdTime: 'yesterday' }, reads: { createdAt: undefined } },
  {
    fields: { createdTime: '2026-11-20T09:00:00' },
    reads: { createdAt: '2026-11-20T09:00:00.0000000Z' },
  },
  {
    fields: { lastUpdateTime: '2026-11-20T09:00:00.1234567' },
    reads: { lastUpdateAt: '2026-11-20T09:00:00.1234567Z' },
  },
])("an ornament of an incident can't be read: $fields loses no incident", async (row) => {
  const { defender, xdr } = await setUpTwo();
  const { fields, reads } = row;
  defender.faults.inject({ kind: 'altered', alter: withFields(fields) });

  const page = await xdr.list(CONTOSO, FIRST_PAGE);

  const [first] = page.incidents;
  expect([page.skipped, page.incidents.length]).toEqual([[], 2]);
  expect(first?.incident).toMatchObject({ incidentId: '1001', ...reads });
  expect(JSON.parse(first?.raw ?? '')).toMatchObject(fields);
});

test.each([
  { createdBy: 'ann@x.example', createdTime: '2026-11-20T09:00:00Z' },
  { createdByDisplayName: 'ann@x.example', createdDateTime: '2026-11-20T09:00:00' },
  {
    createdBy: null,
    createdByDisplayName: 'ann@x.example',
    createdDateTime: '2026-11-20T09:00:00Z',
  },
])('the comment %j is read in the words of either API, from either API', async (words) => {
  const at = '2026-11-20T09:00:00Z';
  const comments = [{ comment: 'Cleaned.', ...words }];
  const row = { incidentId: 7, id: '7', lastUpdateTime: at, lastUpdateDateTime: at, comments };
  const { xdr, viaGraph } = setUpAnswer(() => Response.json({ value: [row] }));

  const pages = [await xdr.list(CONTOSO, FIRST_PAGE), await viaGraph.list(CONTOSO, FIRST_PAGE)];

  const read = pages.map(({ incidents: [one] }) => one?.incident.comments);
  const createdAt = '2026-11-20T09:00:00.0000000Z';
  const comment = { comment: 'Cleaned.', createdBy: 'ann@x.example', createdAt };
  expect(read).toEqual([[comment], [comment]]);
});

test('a row that is nested too deeply to be written down is kept without its JSON', async () => {
  const times = '"createdTime":"2026-11-20T09:00:00Z","lastUpdateTime":"2026-11-20T09:00:00Z"';
  const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;
  const rows = `{"incidentId":1,${times},"alerts":${deep}},{"incidentId":2,${times}}`;
  const { xdr } = setUpAnswer(() => new Response(`{"value":[${rows}]}`));

  const page = await xdr.list(CONTOSO, FIRST_PAGE);

  expect(page.skipped).toEqual([]);
  expect(page.incidents).toMatchObject([
    { incident: { incidentId: '1', alertCount: 1 }, raw: undefined },
    { incident: { incidentId: '2' }, raw: expect.any(String) },
  ]);
});

test('rows without an id are told apart, each the same whenever it comes', async () => {
  const rows = [{ lastUpdateTime: '2026-11-20T09:00:00Z' }, { name: 'x' }, { name: 'x' }];
  const { xdr } = setUpAnswer(() => Response.json({ value: rows }));

  const { skipped } = await xdr.list(CONTOSO, FIRST_PAGE);

  const [first, second, third] = skipped;
  expect(first).toMatchObject({ updated: '2026-11-20T09:00:00.0000000Z' });
  expect(second).toEqual(third);
  expect(second?.fingerprint).not.toBe(first?.fingerprint);
});

test('a row of another tenant is skipped, the same tenant in capitals is not', async () => {
  const { graph, viaGraph } = await setUpTwo();
  const inject = (tenantId: unknown) =>
    graph.faults.inject({ kind: 'altered', alter: withFields({ tenantId }), times: 1 });
  inject(FABRIKAM);
  inject(CONTOSO.toUpperCase());

  const foreign = await viaGraph.list(CONTOSO, FIRST_PAGE);
  const own = await viaGraph.list(CONTOSO, FIRST_PAGE);

  expect(foreign.skipped).toMatchObject([{ incidentId: '1001', reason: 'wrong_tenant' }]);
  expect(foreign.incidents.map(({ incident }) => incident.incidentId)).toEqual(['1002']);
  expect([own.skipped.length, own.incidents.length]).toEqual([0, 2]);
});

test.each([
  { lastUpdateTime: '2026-11-20T12:00:00.0000000001+01:00', wanted: '11:00:00.0000000' },
  { lastUpdateTime: '2026-11-20T09:00:00Z', wanted: '09:59:59' },
])('of an id that comes twice the later update stays: $lastUpdateTime', async (row) => {
  const { defender, xdr } = await setUpTwo();
  const { lastUpdateTime, wanted } = row;
  defender.faults.inject({ kind: 'altered', alter: withDuplicate({ lastUpdateTime }) });

  const page = await xdr.list(CONTOSO, FIRST_PAGE);

  const [first] = page.incidents;
  expect(page.incidents.map(({ incident }) => incident.incidentId)).toEqual(['1001', '1002']);
  expect(first?.incident.lastUpdateAt).toContain(wanted);
  expect(page.rows.length).toBe(3);
});

test('what is missing reads as nothing said, what is new passes', async () => {
  const { xdr } = setUpAnswer(() =>
    Response.json({
      value: [
        {
          incidentId: 7,
          createdTime: '2026-11-20T10:00:00.5Z',
          lastUpdateTime: '2026-11-20T11:00:00.1234567Z',
          severity: 'Catastrophic',
          assignedTo: '',
          alerts: null,
        },
      ],
    }),
  );

  const { incidents } = await xdr.list(CONTOSO, FIRST_PAGE);

  expect(incidents[0]?.incident).toEqual({
    tenantId: CONTOSO,
    incidentId: '7',
    source: 'defender-xdr',
    name: '',
    severity: 'catastrophic',
    status: 'unknown',
    classification: 'unknown',
    determination: 'unknown',
    assignedTo: undefined,
    createdAt: '2026-11-20T10:00:00.5000000Z',
    lastUpdateAt: '2026-11-20T11:00:00.1234567Z',
    redirectIncidentId: undefined,
    tags: [],
    comments: [],
    alertCount: undefined,
  });
});

test('an incident of 6 MB is answered whole', async () => {
  const { graph, viaGraph } = await setUpTwo();
  const alter = withFields({ description: 'x'.repeat(6 * 1024 * 1024) });
  graph.faults.inject({ kind: 'altered', alter });

  const { incidents } = await viaGraph.list(CONTOSO, FIRST_PAGE);

  const [large, usual] = incidents.map(({ raw }) => raw?.length ?? 0);
  expect(large).toBeGreaterThan(6 * 1024 * 1024);
  expect(usual).toBeLessThan(10_000);
});

test('the JSON is that of the API, the same in a list and alone', async () => {
  const { incidents, xdr } = await setUp();
  const incident = incidents.createIncident(CONTOSO);

  const page = await xdr.list(CONTOSO, FIRST_PAGE);
  const one = await xdr.get(KEY, { alerts: true });

  expect(page.incidents.map(({ raw }) => JSON.parse(raw ?? ''))).toEqual([incident]);
  expect(one).toEqual(page.incidents[0]);
});

test.each([
  '{"value":[{"incidentId":1',
  '{"value":{}}',
  '[]',
  'null',
  '',
  '<html>',
  '{"value":[],"@odata.nextLink":5}',
])('the body %s is malformed, and no error quotes it', async (body) => {
  const { xdr } = setUpAnswer(() => new Response(body));

  const failure = xdr.list(CONTOSO, FIRST_PAGE);

  await expect(failure).rejects.toMatchObject({ problem: 'malformed', cause: undefined });
});

test('a list with far more rows than were asked for is cut: the rest is the next page', async () => {
  const at = '2026-11-20T09:00:00Z';
  const value = Array.from({ length: 50_000 }, (_, id) => ({
    incidentId: id + 1,
    lastUpdateTime: at,
  }));
  const { xdr } = setUpAnswer(() => Response.json({ value }));
  const getProcessorMs = countProcessorTime();

  const { rows, incidents } = await xdr.list(CONTOSO, FIRST_PAGE);

  expect([rows.length, incidents.length]).toEqual([1000, 1000]);
  expect(getProcessorMs()).toBeLessThan(2000);
});

test.each(['{},', '1,', '[],'])(
  'a page of nothing but %s is too large, and not read to its end',
  async (row) => {
    const body = `{"value":[${row.repeat(2_500_000)}{}]}`;
    const { xdr } = setUpAnswer(() => new Response(body));
    const getProcessorMs = countProcessorTime();

    await expect(xdr.get(KEY, { alerts: true })).rejects.toMatchObject({ problem: 'too_large' });

    expect(getProcessorMs()).toBeLessThan(2000);
  },
);
