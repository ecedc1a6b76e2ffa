import { expect, test } from 'vitest';
import { serve } from '../../../local/serve.ts';
import { CONTOSO, FABRIKAM, NOW, setUp, toEnvelope, toIds } from './set-up.ts';

const INCIDENTS = '/api/incidents';
const READ = ['Incident.Read.All'];
const AUDIENCE = 'https://api.security.microsoft.com';

test('the 51st list within a minute is too many for that tenant, not for another', async () => {
  const { clock, asDefender } = await setUp();
  const ask = asDefender(READ);
  const allowed = await Promise.all(Array.from({ length: 50 }, () => ask(INCIDENTS)));
  clock.now = NOW + 20_000;

  const refused = await ask(INCIDENTS);
  const other = await asDefender(READ, FABRIKAM)(INCIDENTS);
  clock.now = NOW + 60_000;
  const later = await ask(INCIDENTS);

  expect(new Set(allowed.map(({ status }) => status))).toEqual(new Set([200]));
  expect(refused.status).toBe(429);
  expect(refused.headers.get('retry-after')).toBe('40');
  expect(refused.body).toEqual(toEnvelope('TooManyRequests'));
  expect([other.status, later.status]).toEqual([200, 200]);
});

test('the 1501st call within an hour is too many though no minute was', async () => {
  const { clock, asDefender } = await setUp();
  const ask = asDefender(READ);
  const callInMinute = async (minute: number) => {
    clock.now = NOW + minute * 60_000;
    return await Promise.all(Array.from({ length: 50 }, () => ask(INCIDENTS)));
  };
  for (const minute of Array(30).keys()) await callInMinute(minute);
  clock.now = NOW + 30 * 60_000;

  const refused = await ask(INCIDENTS);

  expect(refused.status).toBe(429);
  expect(refused.headers.get('retry-after')).toBe('1800');
});

test.each([
  { place: 'header', header: '30', message: expect.not.stringContaining('seconds') },
  { place: 'body', header: null, message: expect.stringContaining('resets in 30 seconds') },
  { place: 'none', header: null, message: expect.not.stringContaining('seconds') },
] as const)('throttling says when to come back in: $place', async ({ place, header, message }) => {
  const { defender, asDefender } = await setUp();
  defender.faults.inject({
    kind: 'throttled',
    retryAfterIn: place,
    tenantId: CONTOSO,
    times: 1,
  });

  const throttled = await asDefender(READ)(INCIDENTS);
  const after = await asDefender(READ)(INCIDENTS);

  expect(throttled.status).toBe(429);
  expect(throttled.headers.get('retry-after')).toBe(header);
  expect(throttled.body).toEqual(toEnvelope('TooManyRequests', message));
  expect(after.status).toBe(200);
});

test('a fault hits its tenant alone, so often as it is told, and the record shows it', async () => {
  const { defender, asDefender } = await setUp();
  defender.faults.inject({ kind: 'failing', status: 503, tenantId: CONTOSO, times: 2 });
  const ask = asDefender(READ);

  const other = await asDefender(READ, FABRIKAM)(INCIDENTS);
  const answers = [await ask(INCIDENTS), await ask(INCIDENTS), await ask(INCIDENTS)];

  expect(other.status).toBe(200);
  expect(answers.map(({ status }) => status)).toEqual([503, 503, 200]);
  expect(answers[0]?.body).toEqual(toEnvelope('InternalServerError'));
  expect(defender.requests.map(({ tenantId, status }) => ({ tenantId, status }))).toEqual([
    { tenantId: FABRIKAM, status: 200 },
    { tenantId: CONTOSO, status: 503 },
    { tenantId: CONTOSO, status: 503 },
    { tenantId: CONTOSO, status: 200 },
  ]);
});

test('a partial answer is 206 with a warning and half of the incidents', async () => {
  const { incidents, defender, asDefender } = await setUp();
  incidents.createBurst(CONTOSO, { count: 4, from: NOW, to: NOW });
  defender.faults.inject({ kind: 'partial', times: 1 });

  const { status, headers, body } = await asDefender(READ)(INCIDENTS);

  expect(status).toBe(206);
  expect(headers.get('warning')).toMatch(/^199/);
  expect(toIds(body)).toHaveLength(2);
});

test('over the network an answer is cut short, late, or the connection is dropped', async () => {
  const { defender, issue } = await setUp();
  const server = await serve(defender.handle);
  const token = await issue({ aud: AUDIENCE, tid: CONTOSO, roles: READ });
  const ask = (signal = AbortSignal.timeout(5000)) =>
    fetch(`${server.url}${INCIDENTS}`, { signal, headers: { authorization: `Bearer ${token}` } });
  defender.faults.inject({ kind: 'truncated', times: 1 });
  defender.faults.inject({ kind: 'dropped', times: 1 });
  defender.faults.inject({ kind: 'slow', delay: 300, times: 1 });

  await expect((await ask()).json()).rejects.toThrow(SyntaxError);
  await expect(ask()).rejects.toThrow('fetch failed');
  await expect(ask(AbortSignal.timeout(30))).rejects.toThrow(/timeout/);
  expect((await ask()).status).toBe(200);
  await server.stop();
});
