import { expect, test } from 'vitest';
import { CONTOSO, FABRIKAM, NOW, setUp } from './set-up.ts';

const ONE = '/v1.0/security/incidents/1001';
const READ = ['SecurityIncident.Read.All'];
const WRITE = ['SecurityIncident.ReadWrite.All'];

function toEnvelope(code: string) {
  return { error: { code, message: expect.any(String), innerError: expect.any(Object) } };
}

test('a change in Graph’s words is one in the Defender API’s, later than before', async () => {
  const { clock, incidents, asGraph } = await setUp();
  const before = incidents.createIncident(CONTOSO);
  clock.now = NOW + 60_000;
  const change = {
    status: 'resolved',
    assignedTo: null,
    classification: 'truePositive',
    determination: 'compromisedUser',
    customTags: ['handled'],
  };

  const answer = await asGraph(WRITE)(ONE, { method: 'PATCH', body: JSON.stringify(change) });

  expect(answer.status).toBe(200);
  expect(answer.body).toMatchObject({ id: '1001', ...change });
  expect(incidents.listIncidents(CONTOSO)).toEqual([
    {
      ...before,
      status: 'Resolved',
      assignedTo: null,
      classification: 'TruePositive',
      determination: 'CompromisedAccount',
      tags: ['handled'],
      lastUpdateTime: expect.stringMatching(/^2026-11-20T10:01:00/),
    },
  ]);
});

test('a comment is appended and moves the update time', async () => {
  const { clock, incidents, asGraph } = await setUp();
  incidents.createIncident(CONTOSO);
  clock.now = NOW + 60_000;
  const body = JSON.stringify({
    '@odata.type': 'microsoft.graph.security.alertComment',
    comment: 'Mail removed.',
  });

  const answer = await asGraph(WRITE)(`${ONE}/comments`, { method: 'POST', body });
  const { body: after } = await asGraph(READ)(ONE);

  const createdDateTime = expect.stringMatching(/^2026-11-20T10:01:00/);
  const comments = [{ comment: 'Mail removed.', createdByDisplayName: 'API', createdDateTime }];
  expect(answer.status).toBe(200);
  expect(answer.body).toMatchObject({ value: comments });
  expect(after).toMatchObject({ comments, lastUpdateDateTime: createdDateTime });
});

test.each([
  { name: 'an unknown field', body: '{"severity":"high"}' },
  { name: "the Defender API's field", body: '{"tags":[]}' },
  { name: "the Defender API's status", body: '{"status":"Active"}' },
  { name: 'an unknown status', body: '{"status":"closed"}' },
  {
    name: "the Defender API's name of a determination",
    body: '{"classification":"truePositive","determination":"compromisedAccount"}',
  },
  {
    name: 'a determination that does not go with its classification',
    body: '{"classification":"falsePositive","determination":"phishing"}',
  },
  { name: 'a comment', body: '{"comment":"Mail removed."}' },
  { name: 'a list', body: '[]' },
  { name: 'no JSON', body: 'status=active' },
])('$name in a change is an invalid request body', async ({ body }) => {
  const { incidents, asGraph } = await setUp();
  const before = incidents.createIncident(CONTOSO);

  const answer = await asGraph(WRITE)(ONE, { method: 'PATCH', body });

  expect(answer.status).toBe(400);
  expect(answer.body).toEqual(toEnvelope('InvalidRequestBody'));
  expect(incidents.listIncidents(CONTOSO)).toEqual([before]);
});

test.each(['{}', '{"comment":""}', '{"comment":"x","by":"me"}', '[]'])(
  'the comment %s is an invalid request body',
  async (body) => {
    const { incidents, asGraph } = await setUp();
    const before = incidents.createIncident(CONTOSO);

    const answer = await asGraph(WRITE)(`${ONE}/comments`, { method: 'POST', body });

    expect(answer.status).toBe(400);
    expect(incidents.listIncidents(CONTOSO)).toEqual([before]);
  },
);

test('reading is not enough to change or to comment, and another tenant’s is not found', async () => {
  const { incidents, asGraph } = await setUp();
  incidents.createIncident(CONTOSO);
  const patch = { method: 'PATCH', body: '{}' };
  const post = { method: 'POST', body: '{"comment":"x"}' };

  const answers = [
    await asGraph(READ)(ONE, patch),
    await asGraph(READ)(`${ONE}/comments`, post),
    await asGraph(WRITE, FABRIKAM)(ONE, patch),
    await asGraph(WRITE, FABRIKAM)(`${ONE}/comments`, post),
    await asGraph(WRITE)('/v1.0/security/incidents/1.001e3'),
  ];

  expect(answers.map(({ status }) => status)).toEqual([403, 403, 404, 404, 404]);
});
