import { expect, test } from 'vitest';
import type { Incident as Upstream } from '../../../local/defender/incident.ts';
import { toWord, toXdrName } from '../../../shared/defender/words.ts';
import { toContent } from '../../../shared/incidents/incident-content.ts';
import { DETERMINATIONS } from '../../../shared/incidents/incident-update.ts';
import { CONTOSO, NOW } from '../../local/defender/set-up.ts';
import { FIRST_PAGE, KEY, setUp } from './set-up.ts';

test.each([
  ['Active', 'active'],
  ['InProgress', 'inProgress'],
  ['inProgress', 'inProgress'],
  ['UnSpecified', 'unknown'],
  ['NotAvailable', 'unknown'],
  ['', 'unknown'],
  ['CompromisedAccount', 'compromisedUser'],
  ['CompromisedUser', 'compromisedUser'],
  ['NoEnoughDataToValidate', 'insufficientData'],
  ['InsufficientData', 'insufficientData'],
  ['ConfirmedUserActivity', 'confirmedActivity'],
  ['confirmedUserActivity', 'confirmedActivity'],
  ['Apt', 'apt'],
  ['SomethingNew', 'somethingNew'],
  ['constructor', 'constructor'],
])('%j is %s in the one vocabulary', (name, word) => {
  expect(toWord(name)).toBe(word);
  expect(toWord(word)).toBe(word);
});

test('every word that an update may hold comes back from the Defender API’s name', () => {
  const words = [...Object.keys(DETERMINATIONS), ...Object.values(DETERMINATIONS).flat()];

  expect(words.map((word) => toWord(toXdrName(word)))).toEqual(words);
});

const CHANGES: readonly Partial<Upstream>[] = [
  {},
  { status: 'Resolved', classification: 'TruePositive', determination: 'CompromisedAccount' },
  { status: 'Resolved', classification: 'FalsePositive', determination: 'NoEnoughDataToValidate' },
  { severity: 'UnSpecified', assignedTo: '', tags: ['VIP', 'Tier 1'] },
  { status: 'Redirected', redirectIncidentId: 1003, alerts: [] },
  { status: 'AwaitingAction' },
];

test('300 incidents read the same in both APIs', async () => {
  const { incidents, xdr, viaGraph } = await setUp();
  const create = (change: Partial<Upstream>, at: number) =>
    incidents.createIncident(CONTOSO, { at, change });
  Array.from({ length: 300 }, (_, index) => create(CHANGES[index % 6] ?? {}, NOW - index * 977));
  incidents.addComment(
    { tenantId: CONTOSO, incidentId: 1001 },
    { comment: 'Seen.', createdBy: 'A' },
  );
  const keys = Array.from({ length: 300 }, (_, index) => ({
    ...KEY,
    incidentId: `${1001 + index}`,
  }));

  const legacy = await Promise.all(
    [0, 100, 200].map((skip) => xdr.list(CONTOSO, { ...FIRST_PAGE, skip })),
  );
  const graph = await Promise.all(
    [0, 50, 100, 150, 200, 250].map((skip) => viaGraph.list(CONTOSO, { ...FIRST_PAGE, skip })),
  );

  const contentsOf = (pages: typeof graph) =>
    new Map(
      pages.flatMap((page) =>
        page.incidents.map(({ incident }) => [incident.incidentId, toContent(incident)]),
      ),
    );
  expect(contentsOf(graph).size).toBe(keys.length);
  expect(contentsOf(graph)).toEqual(contentsOf(legacy));
});

test('that an incident awaits action is known from Graph and the same content in both', async () => {
  const { incidents, xdr, viaGraph } = await setUp();
  incidents.createIncident(CONTOSO, { change: { status: 'AwaitingAction' } });

  const legacy = await xdr.get(KEY, { alerts: false });
  const graph = await viaGraph.get(KEY, { alerts: false });

  expect(graph?.incident.status).toBe('awaitingAction');
  expect(legacy?.incident.status).toBe('inProgress');
  expect(graph && toContent(graph.incident)).toEqual(legacy && toContent(legacy.incident));
});

test('a merged incident says in both APIs into which', async () => {
  const { incidents, xdr, viaGraph } = await setUp();
  incidents.createBurst(CONTOSO, { count: 2, from: NOW, to: NOW });
  incidents.mergeIncident({ tenantId: CONTOSO, incidentId: 1001 }, 1002);

  const both = await Promise.all(
    [xdr, viaGraph].map((source) => source.get(KEY, { alerts: true })),
  );

  const merged = { status: 'redirected', redirectIncidentId: '1002', alertCount: 0 };
  expect(both).toMatchObject([{ incident: merged }, { incident: merged }]);
});
