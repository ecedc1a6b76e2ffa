import { expect, test } from 'vitest';
import { createHunting } from '../../../../local/defender/hunting/hunting.ts';
import { createIssuer } from '../issuer.ts';

const NOW = Date.UTC(2026, 10, 20, 10);
const TENANT = 'cccccccc-0000-4000-8000-000000000001';

async function setUp() {
  const clock = { now: NOW };
  const now = () => clock.now;
  const { issue, verifyAccessToken } = await createIssuer(now);
  const hunting = createHunting({ verifyAccessToken, now });
  const post = async (body: unknown, claims: Record<string, unknown> = {}) => {
    const token = await issue({
      aud: 'https://graph.microsoft.com',
      tid: TENANT,
      roles: ['ThreatHunting.Read.All'],
      ...claims,
    });
    const text = JSON.stringify(body);
    const response = await hunting.handle(
      new Request('http://127.0.0.1/v1.0/security/runHuntingQuery', {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-length': String(text.length) },
        body: text,
      }),
    );
    const answer = await response.text();
    return { status: response.status, body: answer === '' ? undefined : JSON.parse(answer) };
  };
  return { hunting, clock, post };
}

test('who lacks the role is told which one', async () => {
  const { post } = await setUp();
  const { status, body } = await post(
    { Query: 'DeviceInfo' },
    { roles: ['SecurityIncident.Read.All'] },
  );
  expect([status, body.error]).toEqual([
    403,
    {
      code: 'Forbidden',
      message:
        'Missing application roles. API required roles: ThreatHunting.Read.All, application roles: SecurityIncident.Read.All.',
      ...innerErrorOf(body.error),
    },
  ]);
});

/** It is written in one of two ways. */
function innerErrorOf(error: Record<string, unknown>) {
  const name = 'innerError' in error ? 'innerError' : 'innererror';
  return { [name]: error[name] };
}

test('a token for another API is refused', async () => {
  const { post } = await setUp();
  expect(
    (await post({ Query: 'DeviceInfo' }, { aud: 'https://api.security.microsoft.com' })).status,
  ).toBe(401);
});

test.each([
  {},
  { query: 'DeviceInfo' },
  { Query: '' },
  { Query: 'DeviceInfo', Nope: 1 },
  { Query: 'DeviceInfo', Timespan: 'soon' },
])('a body that Graph does not know: %j', async (body) => {
  const { post } = await setUp();
  expect((await post(body)).status).toBe(400);
});

test('the 46th call within a minute is refused, without a time', async () => {
  const { post, clock } = await setUp();
  for (let call = 0; call < 45; call++) await post({ Query: 'print 1' });
  expect((await post({ Query: 'print 1' })).status).toBe(429);
  clock.now += 60_000;
  expect((await post({ Query: 'print 1' })).status).toBe(200);
});

test('a body over 1 MB does not get past the front', async () => {
  const { post } = await setUp();
  expect((await post({ Query: `DeviceInfo // ${'x'.repeat(1_000_000)}` })).status).toBe(413);
});

test('rows over 100,000 are left out in silence', async () => {
  const { hunting, post } = await setUp();
  hunting.tables.setRows(TENANT, 'AlertInfo', 100_050);
  const { body } = await post({ Query: 'AlertInfo | project AlertId' });
  expect(body.results).toHaveLength(100_000);
});

test('more than 50 MB is refused', async () => {
  const { hunting, post } = await setUp();
  hunting.tables.setRows(TENANT, 'DeviceProcessEvents', 80_000);
  const { status, body } = await post({ Query: 'DeviceProcessEvents' });
  expect([status, body.error.message]).toEqual([
    400,
    expect.stringContaining('allowed result size'),
  ]);
});

test('the shorter of the timespan and of what the query filters counts, thirty days without one', async () => {
  const { post } = await setUp();
  const count = async (Query: string, Timespan?: string) => {
    const [row] = (await post({ Query, Timespan })).body.results;
    return row.Count ?? row.count;
  };
  const all = await count('DeviceInfo | count');
  const week = Number(await count('DeviceInfo | count', 'P7D'));
  expect(week).toBeGreaterThan(20);
  expect(week).toBeLessThan(Number(all) / 3);
  expect(await count('DeviceInfo | where Timestamp > ago(90d) | count', 'P7D')).toBe(week);
  expect(Number(await count('DeviceInfo | where Timestamp > ago(1d) | count', 'P7D'))).toBeLessThan(
    week,
  );
});

test('a customer without the licence has no such table', async () => {
  const { hunting, post } = await setUp();
  hunting.tables.withdraw(TENANT, 'EmailEvents');
  const { status, body } = await post({ Query: 'EmailEvents | count' });
  expect([status, body.error.message]).toEqual([
    400,
    "Failed to resolve table or column expression named 'EmailEvents'. Fix semantic errors in your query.",
  ]);
});

test('customers differ in how they are answered', async () => {
  const { post } = await setUp();
  const shapes = new Set<string>();
  for (let customer = 0; customer < 12; customer++) {
    const tid = `${String(customer).padStart(8, '0')}-0000-4000-8000-000000000001`;
    const { body } = await post(
      { Query: 'DeviceInfo | take 20 | project ReportId, IsAzureADJoined' },
      { tid },
    );
    shapes.add(JSON.stringify([body.schema[0], Object.keys(body.results[0]).toSorted()]));
  }
  expect(shapes.size).toBeGreaterThanOrEqual(3);
});
