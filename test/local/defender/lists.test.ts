import { expect, test } from 'vitest';
import { withDuplicate, withFields, withNextLink, withRow } from '../../support/altered-lists.ts';
import { CONTOSO, NOW, setUp, toIds, toPath } from './set-up.ts';

const XDR = '/api/incidents';
const GRAPH = '/v1.0/security/incidents';
const READ = ['Incident.Read.All'];
const GRAPH_READ = ['SecurityIncident.Read.All'];

test('Graph skips 500 incidents at most, Defender any number unless it is told otherwise', async () => {
  const { defender, asDefender, asGraph } = await setUp();

  const graph = await asGraph(GRAPH_READ)(toPath(GRAPH, { $skip: '501' }));
  const unlimited = await asDefender(READ)(toPath(XDR, { $skip: '10000' }));
  defender.configure({ skipCeiling: 900 });
  const limited = await asDefender(READ)(toPath(XDR, { $skip: '901' }));
  const allowed = await asDefender(READ)(toPath(XDR, { $skip: '900' }));

  expect([graph, unlimited, limited, allowed].map(({ status }) => status)).toEqual([
    400, 200, 400, 200,
  ]);
  expect(graph.body).toMatchObject({
    error: {
      message:
        "The limit of '500' for Skip query has been exceeded. The value from the incoming request is '501'.",
    },
  });
});

test('in the order of updates an update moves a row to the end', async () => {
  const { clock, incidents, defender, asDefender } = await setUp();
  incidents.createBurst(CONTOSO, { count: 4, from: NOW - 3000, to: NOW });
  defender.configure({ order: 'oldest-update' });
  const ask = asDefender(READ);

  const before = await ask(XDR);
  clock.now = NOW + 1000;
  incidents.updateIncident({ tenantId: CONTOSO, incidentId: 1002 }, { status: 'Resolved' });
  const after = await ask(XDR);

  expect(toIds(before.body)).toEqual([1001, 1002, 1003, 1004]);
  expect(toIds(after.body)).toEqual([1001, 1003, 1004, 1002]);
});

test('without links Graph answers a full page all the same', async () => {
  const { incidents, graph, asGraph } = await setUp();
  incidents.createBurst(CONTOSO, { count: 60, from: NOW, to: NOW });
  graph.configure({ nextLink: false });

  const { body } = await asGraph(GRAPH_READ)(GRAPH);

  expect(body).toMatchObject({ value: { length: 50 } });
  expect(body).not.toHaveProperty(['@odata.nextLink']);
});

test.each([
  { alter: withRow('no incident'), value: ['no incident', { incidentId: 1002 }] },
  {
    alter: withFields({ severity: 'Catastrophic', status: undefined }),
    value: [{ incidentId: 1001, severity: 'Catastrophic' }, { incidentId: 1002 }],
  },
  {
    alter: withDuplicate({ severity: 'Low' }),
    value: [{ incidentId: 1001 }, { incidentId: 1002 }, { incidentId: 1001, severity: 'Low' }],
  },
])('an altered list is answered as often as it is told: $value', async ({ alter, value }) => {
  const { incidents, defender, asDefender } = await setUp();
  incidents.createBurst(CONTOSO, { count: 2, from: NOW - 1000, to: NOW });
  defender.configure({ order: 'oldest-update' });
  defender.faults.inject({ kind: 'altered', alter, times: 1 });

  const altered = await asDefender(READ)(XDR);
  const usual = await asDefender(READ)(XDR);

  expect(altered.body).toMatchObject({ value });
  expect(usual.body).toMatchObject({ value: [{ incidentId: 1001 }, { incidentId: 1002 }] });
});

test('a list goes on at any address that it is told', async () => {
  const { graph, asGraph } = await setUp();
  const link = 'https://elsewhere.example/v1.0/security/incidents';
  graph.faults.inject({ kind: 'altered', alter: withNextLink(link) });

  const { body } = await asGraph(GRAPH_READ)(GRAPH);

  expect(body).toMatchObject({ '@odata.nextLink': link });
});
