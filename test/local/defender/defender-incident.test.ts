import { expect, test } from 'vitest';
import { CONTOSO, FABRIKAM, NOW, setUp, toEnvelope } from './set-up.ts';

const INCIDENTS = '/api/incidents';
const READ = ['Incident.Read.All'];
const WRITE = ['Incident.ReadWrite.All'];

test('an unknown incident, another tenant’s and an unknown route are not found', async () => {
  const { incidents, asDefender } = await setUp();
  incidents.createIncident(FABRIKAM);
  const ask = asDefender(WRITE);

  const answers = await Promise.all([
    ask(`${INCIDENTS}/1001`),
    ask(`${INCIDENTS}/abc`),
    ask(`${INCIDENTS}/1001`, { method: 'PATCH', body: '{}' }),
    ask('/api/machines'),
  ]);

  expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404]);
  expect(answers[0]?.body).toEqual(toEnvelope('NotFound'));
});

test('a change moves the update time, appends the comment and leaves the rest', async () => {
  const { clock, incidents, defender, asDefender } = await setUp();
  const before = incidents.createIncident(CONTOSO);
  clock.now = NOW + 60_000;
  const change = {
    status: 'Resolved',
    assignedTo: 'analyst@partner.example',
    classification: 'TruePositive',
    determination: 'Phishing',
    tags: ['handled'],
  };
  const body = JSON.stringify({ ...change, comment: 'Mail removed.' });

  const answer = await asDefender(WRITE)(`${INCIDENTS}/1001`, { method: 'PATCH', body });

  const lastUpdateTime = expect.stringMatching(/^2026-11-20T10:01:00/);
  const comments = [{ comment: 'Mail removed.', createdBy: 'API', createdTime: lastUpdateTime }];
  const after = { ...before, ...change, comments, lastUpdateTime };
  expect(answer.status).toBe(200);
  expect(answer.body).toEqual({ '@odata.context': expect.stringMatching(/entity$/), ...after });
  expect(incidents.listIncidents(CONTOSO)).toEqual([after]);
  expect(defender.requests).toEqual([
    {
      method: 'PATCH',
      path: `${INCIDENTS}/1001`,
      tenantId: CONTOSO,
      body: JSON.parse(body),
      status: 200,
    },
  ]);
});

test.each([
  { name: 'an unknown field', body: '{"severity":"High"}' },
  { name: 'a name in the wrong case', body: '{"Status":"Active"}' },
  { name: 'an unknown status', body: '{"status":"Closed"}' },
  { name: 'an unknown classification', body: '{"classification":"Unknown"}' },
  {
    name: 'a determination that does not go with its classification',
    body: '{"classification":"FalsePositive","determination":"Phishing"}',
  },
  { name: 'tags that are not a list', body: '{"tags":"one"}' },
  { name: 'a list', body: '[]' },
  { name: 'no JSON', body: 'status=Active' },
])('$name is an invalid request body', async ({ body }) => {
  const { incidents, asDefender } = await setUp();
  const before = incidents.createIncident(CONTOSO);

  const answer = await asDefender(WRITE)(`${INCIDENTS}/1001`, { method: 'PATCH', body });

  expect(answer.status).toBe(400);
  expect(answer.body).toEqual(toEnvelope('InvalidRequestBody'));
  expect(incidents.listIncidents(CONTOSO)).toEqual([before]);
});

test('reading is not enough to change', async () => {
  const { asDefender } = await setUp();

  const answer = await asDefender(READ)(`${INCIDENTS}/1001`, { method: 'PATCH', body: '{}' });

  expect(answer.status).toBe(403);
});
