import { expect, test } from 'vitest';
import type { IncidentUpdate } from '../../../shared/incidents/incident-update.ts';
import { CONTOSO, FABRIKAM, NOW } from '../../local/defender/set-up.ts';
import { KEY, ORIGIN, setUp, setUpAnswer } from './set-up.ts';

const UPDATE: IncidentUpdate = {
  status: 'resolved',
  assignedTo: 'analyst@partner.example',
  classification: 'truePositive',
  determination: 'compromisedUser',
  tags: ['handled'],
};
const ALERTS = { alerts: true };

test('alerts are counted where they are asked for, by Defender in any case', async () => {
  const { incidents, sent, xdr, viaGraph } = await setUp();
  const { alerts } = incidents.createIncident(CONTOSO);

  const counts = [
    await viaGraph.get(KEY, ALERTS),
    await viaGraph.get(KEY, { alerts: false }),
    await xdr.get(KEY, { alerts: false }),
  ].map((fetched) => fetched?.incident.alertCount);

  expect(counts).toEqual([alerts.length, undefined, alerts.length]);
  expect(sent.map(({ url }) => url)).toEqual([
    `${ORIGIN}/v1.0/security/incidents/1001?$expand=alerts`,
    `${ORIGIN}/v1.0/security/incidents/1001`,
    `${ORIGIN}/api/incidents/1001`,
  ]);
});

test('where Graph fails to bring alerts the incident comes without them', async () => {
  const { incidents, graph, viaGraph } = await setUp();
  incidents.createIncident(CONTOSO);
  graph.faults.inject({ kind: 'failing', status: 500, times: 1 });

  const fetched = await viaGraph.get(KEY, ALERTS);

  expect(fetched?.incident).toMatchObject({ incidentId: '1001', alertCount: undefined });
  expect(graph.requests.map(({ status }) => status)).toEqual([500, 200]);
});

test('a pause that Graph asks for is no reason to ask without alerts', async () => {
  const { asked, viaGraph } = setUpAnswer(
    () => new Response(null, { status: 503, headers: { 'retry-after': '30' } }),
  );

  await expect(viaGraph.get(KEY, ALERTS)).rejects.toMatchObject({ retryAfterMs: 30_000 });
  expect(asked).toHaveLength(1);
});

test.each(['9999', '..', '../../users', '01001', '1001?$expand=alerts', ''])(
  'there is no incident %j, to read or to change',
  async (incidentId) => {
    const { incidents, sent, xdr, viaGraph } = await setUp();
    incidents.createIncident(CONTOSO);
    const key = { ...KEY, incidentId };

    const answers = await Promise.all([
      xdr.get(key, ALERTS),
      viaGraph.get(key, ALERTS),
      xdr.update(key, UPDATE),
      viaGraph.update(key, { comment: 'Seen.' }),
    ]);

    expect(answers).toEqual([undefined, undefined, undefined, undefined]);
    expect(sent.every(({ url }) => url.includes('/9999'))).toBe(true);
  },
);

test.each([
  { what: 'another incident', row: { id: '1002' } },
  { what: 'an incident of another tenant', row: { tenantId: FABRIKAM } },
  { what: 'no incident', row: { id: undefined } },
])('an answer with $what is malformed', async ({ row }) => {
  const good = {
    id: '1001',
    createdDateTime: '2026-11-20T10:00:00Z',
    lastUpdateDateTime: '2026-11-20T10:00:00Z',
  };
  const { viaGraph } = setUpAnswer(() => Response.json({ ...good, ...row }));

  const failure = { problem: 'malformed' };
  await expect(viaGraph.get(KEY, { alerts: false })).rejects.toMatchObject(failure);
});

test('a change reaches the Defender API in its own words, in one request', async () => {
  const { clock, incidents, defender, xdr } = await setUp();
  incidents.createIncident(CONTOSO);
  clock.now = NOW + 60_000;

  const changed = await xdr.update(KEY, { ...UPDATE, comment: 'Seen.' });

  expect(defender.requests.map(({ method, body }) => [method, body])).toEqual([
    [
      'PATCH',
      {
        status: 'Resolved',
        assignedTo: 'analyst@partner.example',
        classification: 'TruePositive',
        determination: 'CompromisedAccount',
        tags: ['handled'],
        comment: 'Seen.',
      },
    ],
  ]);
  expect(changed?.incident).toMatchObject({ ...UPDATE, comments: [{ comment: 'Seen.' }] });
  expect(changed?.incident.lastUpdateAt).toMatch(/^2026-11-20T10:01:00/);
  expect(await xdr.get(KEY, ALERTS)).toEqual(changed);
});

test('a change reaches Graph with its comment last', async () => {
  const { incidents, graph, viaGraph } = await setUp();
  incidents.createIncident(CONTOSO);

  const changed = await viaGraph.update(KEY, { ...UPDATE, comment: 'Seen.' });

  const { tags: customTags, ...same } = UPDATE;
  const comment = { '@odata.type': 'microsoft.graph.security.alertComment', comment: 'Seen.' };
  expect(graph.requests.map(({ method, body }) => [method, body])).toEqual([
    ['PATCH', { ...same, customTags }],
    ['POST', comment],
    ['GET', undefined],
  ]);
  expect(changed?.incident).toMatchObject({ ...UPDATE, comments: [{ comment: 'Seen.' }] });
  expect(await viaGraph.get(KEY, { alerts: false })).toEqual(changed);
});

test('an assignment is taken back in both APIs', async () => {
  const { incidents, defender, graph, xdr, viaGraph } = await setUp();
  incidents.createBurst(CONTOSO, { count: 2, from: NOW, to: NOW });
  await xdr.update(KEY, UPDATE);
  await viaGraph.update({ ...KEY, incidentId: '1002' }, UPDATE);

  const one = await xdr.update(KEY, { assignedTo: '' });
  const other = await viaGraph.update({ ...KEY, incidentId: '1002' }, { assignedTo: '' });

  expect([one?.incident.assignedTo, other?.incident.assignedTo]).toEqual([undefined, undefined]);
  const bodies = [defender, graph].map(({ requests }) => requests.at(-1)?.body);
  expect(bodies).toEqual([{ assignedTo: '' }, { assignedTo: null }]);
});

test('a comment that fails leaves the change done, and asking again comments once', async () => {
  const { incidents, graph, viaGraph } = await setUp();
  incidents.createIncident(CONTOSO);
  graph.faults.inject({ kind: 'altered', alter: (page) => page, times: 1 });
  graph.faults.inject({ kind: 'failing', times: 1 });
  const update = { ...UPDATE, comment: 'Seen.' };

  await expect(viaGraph.update(KEY, update)).rejects.toMatchObject({ problem: 'unavailable' });
  const between = incidents.listIncidents(CONTOSO);
  const changed = await viaGraph.update(KEY, update);

  expect(between).toMatchObject([{ status: 'Resolved', comments: [] }]);
  expect(changed?.incident.comments).toHaveLength(1);
});

test('a comment that was made is a success though it can’t be read again', async () => {
  const { incidents, graph, viaGraph } = await setUp();
  incidents.createIncident(CONTOSO);
  graph.faults.inject({ kind: 'altered', alter: (page) => page, times: 2 });
  graph.faults.inject({ kind: 'failing', times: 1 });

  const changed = await viaGraph.update(KEY, { ...UPDATE, comment: 'Seen.' });

  expect(changed?.incident).toMatchObject({ status: 'resolved', comments: [] });
  expect(incidents.listIncidents(CONTOSO)).toMatchObject([{ comments: [{ comment: 'Seen.' }] }]);
});

test('what the API does not take is refused', async () => {
  const { incidents, xdr, viaGraph } = await setUp();
  incidents.createIncident(CONTOSO);
  const update: IncidentUpdate = { classification: 'falsePositive', determination: 'phishing' };

  await expect(xdr.update(KEY, update)).rejects.toMatchObject({ problem: 'refused' });
  await expect(viaGraph.update(KEY, update)).rejects.toMatchObject({ problem: 'refused' });
});
