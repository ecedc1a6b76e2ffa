import { expect, test } from 'vitest';
import { CONTOSO, NOW, setUp, toPath } from './set-up.ts';

const INCIDENTS = '/v1.0/security/incidents';
const READ = ['SecurityIncident.Read.All'];

function toEnvelope(code: string, message: unknown = expect.any(String)) {
  return { error: { code, message, innerError: expect.any(Object) } };
}

test('Graph shows the incidents of the Defender API in its own words', async () => {
  const { incidents, asGraph } = await setUp();
  const change = { status: 'InProgress', severity: 'UnSpecified', tags: ['VIP'] } as const;
  const incident = incidents.createIncident(CONTOSO, { change });

  const { body } = await asGraph(READ)(toPath(INCIDENTS, { $count: 'true' }));

  expect(body).toMatchObject({
    '@odata.context': 'https://graph.microsoft.com/v1.0/$metadata#security/incidents',
    '@odata.count': 1,
    value: [
      {
        id: '1001',
        tenantId: CONTOSO,
        displayName: incident.incidentName,
        createdDateTime: incident.createdTime,
        lastUpdateDateTime: incident.lastUpdateTime,
        status: 'inProgress',
        severity: 'unknown',
        redirectIncidentId: null,
        customTags: ['VIP'],
      },
    ],
  });
  expect(body).not.toHaveProperty('value.0.alerts');
});

test('alerts come inline when they are asked for', async () => {
  const { incidents, asGraph } = await setUp();
  const { alerts } = incidents.createIncident(CONTOSO);

  const list = await asGraph(READ)(toPath(INCIDENTS, { $expand: 'alerts' }));
  const one = await asGraph(READ)(toPath(`${INCIDENTS}/1001`, { $expand: 'alerts' }));

  const wanted = alerts.map(({ alertId }) => ({ id: alertId, incidentId: '1001' }));
  expect(list.body).toMatchObject({ value: [{ alerts: wanted }] });
  expect(one.body).toMatchObject({ id: '1001', alerts: wanted });
});

test('pages of 50, most recent first, are linked absolutely', async () => {
  const { incidents, asGraph } = await setUp();
  incidents.createBurst(CONTOSO, { count: 60, from: NOW - 3_600_000, to: NOW });

  const first = await asGraph(READ)(INCIDENTS);
  const link = new URL(String(first.body['@odata.nextLink']));
  const second = await asGraph(READ)(`${link.pathname}${link.search}`);

  expect(link.href).toBe(`http://127.0.0.1${INCIDENTS}?%24skip=50`);
  expect(first.body).toMatchObject({ value: { length: 50, 0: { id: '1060' } } });
  expect(second.body).toMatchObject({ value: { length: 10, 9: { id: '1001' } } });
  expect(second.body).not.toHaveProperty(['@odata.nextLink']);
});

test.each([
  { filter: "status eq 'resolved' and severity eq 'high'", count: 1 },
  { filter: "status eq 'Resolved'", count: 0 },
  { filter: 'lastUpdateDateTime ge 2026-11-20T10:00:00Z', count: 1 },
  { filter: 'lastUpdateDateTime gt 2026-11-20T10:00:01Z', count: 0 },
])('$filter selects $count', async ({ filter, count }) => {
  const { incidents, asGraph } = await setUp();
  incidents.createIncident(CONTOSO, { change: { status: 'Resolved', severity: 'High' } });

  const { body } = await asGraph(READ)(toPath(INCIDENTS, { $filter: filter }));

  expect(body).toMatchObject({ value: { length: count } });
});

test.each([
  { prefer: 'include-unknown-enum-members', status: 'awaitingAction' },
  { prefer: 'respond-async', status: 'unknownFutureValue' },
])('with Prefer: $prefer an incident that awaits action is $status', async ({ prefer, status }) => {
  const { incidents, asGraph, asDefender } = await setUp();
  incidents.createIncident(CONTOSO, { change: { status: 'AwaitingAction' } });

  const { body } = await asGraph(READ)(INCIDENTS, { headers: { prefer } });
  const legacy = await asDefender(['Incident.Read.All'])('/api/incidents');

  expect(body).toMatchObject({ value: [{ status }] });
  expect(legacy.body).toMatchObject({ value: [{ status: 'InProgress' }] });
});

test.each([
  {
    options: { $top: '51' },
    message: /^The limit of '50' for Top query has been exceeded/,
  },
  { options: { $filter: "displayName eq 'x'" }, message: /'displayName' cannot be used/ },
  { options: { $expand: 'comments' }, message: /'comments'/ },
  { options: { $select: 'id' }, message: /'\$select' is not allowed/ },
])('$options is a bad request', async ({ options, message }) => {
  const { asGraph } = await setUp();

  const { status, body } = await asGraph(READ)(toPath(INCIDENTS, { ...options }));

  expect(status).toBe(400);
  expect(body).toEqual(toEnvelope('BadRequest', expect.stringMatching(message)));
});

test('a token for Defender is not one for Graph, nor is its role', async () => {
  const { graph, issue, asGraph } = await setUp();
  const token = await issue({ aud: 'https://api.security.microsoft.com', tid: CONTOSO });
  const headers = { authorization: `Bearer ${token}` };

  const wrongAudience = await graph.handle(new Request(`http://x${INCIDENTS}`, { headers }));
  const wrongRole = await asGraph(['Incident.Read.All'])(INCIDENTS);

  expect(wrongAudience.status).toBe(401);
  expect(await wrongAudience.json()).toEqual(toEnvelope('InvalidAuthenticationToken'));
  expect(wrongRole.status).toBe(403);
  expect(wrongRole.body).toEqual(toEnvelope('Forbidden'));
});

test('the 151st call within a minute is too many, unless calls are not counted', async () => {
  const { graph, asGraph } = await setUp();
  await Promise.all(Array.from({ length: 150 }, () => asGraph(READ)(INCIDENTS)));

  const refused = await asGraph(READ)(INCIDENTS);
  graph.configure({ quotas: false });
  const uncounted = await asGraph(READ)(INCIDENTS);

  expect(refused.status).toBe(429);
  expect(refused.headers.get('retry-after')).toBe('60');
  expect(refused.body).toEqual(toEnvelope('TooManyRequests'));
  expect(uncounted.status).toBe(200);
});
