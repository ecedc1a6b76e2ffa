import { expect, test, vi } from 'vitest';
import { serve } from '../../../local/serve.ts';
import { createDefenderXdrSource } from '../../../shared/defender/defender-xdr.ts';
import { BrokerError } from '../../../shared/errors.ts';
import { CONTOSO, NOW } from '../../local/defender/set-up.ts';
import { makeAccessToken } from '../../support/tokens.ts';
import { FIRST_PAGE, KEY, setUp, setUpAnswer } from './set-up.ts';

test.each([
  [301, 'foreign_link'],
  [308, 'foreign_link'],
  [400, 'refused'],
  [401, 'unauthorized'],
  [403, 'forbidden'],
  [404, 'refused'],
  [408, 'unavailable'],
  [410, 'refused'],
  [429, 'throttled'],
  [500, 'unavailable'],
  [503, 'unavailable'],
  [504, 'unavailable'],
])('a list that is answered %d is %s', async (status, problem) => {
  const { asked, xdr } = setUpAnswer(() => new Response('no JSON', { status }));

  const failure = { name: 'SourceError', problem, retryAfterMs: undefined };
  await expect(xdr.list(CONTOSO, FIRST_PAGE)).rejects.toMatchObject(failure);
  expect(asked).toHaveLength(1);
});

test.each([
  { header: '42', wanted: 42_000 },
  { header: '0', wanted: 0 },
  { header: '86400', wanted: 3_600_000 },
  { header: 'Fri, 20 Nov 2026 10:00:42 GMT', wanted: 42_000 },
  { header: 'Fri, 20 Nov 2026 09:00:00 GMT', wanted: 0 },
  { header: 'soon', wanted: undefined },
  { header: '-5', wanted: undefined },
  { header: '', wanted: undefined },
])('Retry-After $header asks for a pause of $wanted ms', async ({ header, wanted }) => {
  const { xdr } = setUpAnswer(
    () => new Response(null, { status: 503, headers: { 'retry-after': header } }),
  );

  const failure = { problem: 'unavailable', retryAfterMs: wanted };
  await expect(xdr.list(CONTOSO, FIRST_PAGE)).rejects.toMatchObject(failure);
});

test.each([
  { message: 'The quota resets in 42 seconds.', wanted: 42_000 },
  { message: 'Exceeded 50 calls per 1 minute. Retry after 42.', wanted: 42_000 },
  { message: '1500 calls in 1 hour are too many: wait 90s', wanted: 90_000 },
  { message: 'Try again in 1.5 minutes', wanted: 90_000 },
  { message: 'Try again in 500 ms', wanted: 500 },
  { message: 'Quota resets in 3 hours', wanted: 3_600_000 },
  { message: 'Reset at 2026-11-20T10:00:42.5Z, please.', wanted: 42_500 },
  { message: 'Reset at 2026-11-20T10:00:42', wanted: 42_000 },
  { message: 'Reset at 2026-11-20T11:00:42+01:00', wanted: 42_000 },
  { message: 'Reset at 2026-99-20T11:00:42Z', wanted: undefined },
  { message: 'Too many of your 50 calls.', wanted: undefined },
])('the message "$message" asks for a pause of $wanted ms', async ({ message, wanted }) => {
  const { xdr } = setUpAnswer(() => Response.json({ error: { message } }, { status: 429 }));

  const failure = { problem: 'throttled', retryAfterMs: wanted };
  await expect(xdr.list(CONTOSO, FIRST_PAGE)).rejects.toMatchObject(failure);
});

test.each([
  { retryAfterIn: 'header', retryAfterMs: 30_000 },
  { retryAfterIn: 'body', retryAfterMs: 30_000 },
  { retryAfterIn: 'none', retryAfterMs: undefined },
] as const)('a throttled tenant waits as the API says in: $retryAfterIn', async (place) => {
  const { graph, viaGraph } = await setUp();
  graph.faults.inject({ kind: 'throttled', retryAfterIn: place.retryAfterIn });

  const failure = { problem: 'throttled', retryAfterMs: place.retryAfterMs };
  await expect(viaGraph.list(CONTOSO, FIRST_PAGE)).rejects.toMatchObject(failure);
});

test('over the network a connection that is dropped or a body that is cut short is told apart', async () => {
  const { defender, incidents, issue } = await setUp();
  incidents.createIncident(CONTOSO);
  const server = await serve(defender.handle);
  const claims = { aud: 'https://api.security.microsoft.com', roles: ['Incident.Read.All'] };
  const getToken = (tid: string) => issue({ ...claims, tid });
  const xdr = createDefenderXdrSource({ fetch, apiUrl: server.url, getToken });
  defender.faults.inject({ kind: 'dropped', times: 1 });
  defender.faults.inject({ kind: 'truncated', times: 1 });

  await expect(xdr.list(CONTOSO, FIRST_PAGE)).rejects.toMatchObject({ problem: 'unavailable' });
  await expect(xdr.list(CONTOSO, FIRST_PAGE)).rejects.toMatchObject({ problem: 'malformed' });
  expect(await xdr.list(CONTOSO, FIRST_PAGE)).toMatchObject({ rows: [{ id: '1001' }] });
  await server.stop();
});

test('over the network a request is given up after 30 s', async () => {
  const server = await serve(() => new Promise<Response>(() => {}));
  const getToken = () => Promise.resolve('a-token');
  const xdr = createDefenderXdrSource({ fetch, apiUrl: server.url, getToken });
  const soon = AbortSignal.timeout(20);
  const timeout = vi.spyOn(AbortSignal, 'timeout').mockReturnValue(soon);

  const failure = { problem: 'unavailable', cause: { name: 'TimeoutError' } };
  await expect(xdr.list(CONTOSO, FIRST_PAGE)).rejects.toMatchObject(failure);

  expect(timeout.mock.calls).toEqual([[30_000]]);
  vi.restoreAllMocks();
  await server.stop();
});

test('a body without an end is left as soon as it is too large', async () => {
  const chunk = new Uint8Array(1024 * 1024).fill(32);
  let pulled = 0;
  let isCancelled = false;
  const body = () =>
    new ReadableStream<Uint8Array>({
      pull(controller) {
        pulled += 1;
        controller.enqueue(chunk);
      },
      cancel() {
        isCancelled = true;
      },
    });
  const { xdr } = setUpAnswer(() => new Response(body()));

  await expect(xdr.list(CONTOSO, FIRST_PAGE)).rejects.toMatchObject({ problem: 'too_large' });
  expect(isCancelled).toBe(true);
  expect(pulled).toBeLessThan(70);
});

test('a wrong token is told apart from a missing role', async () => {
  const { defender, issue } = await setUp();
  const sourceWith = (aud: string, roles: string[]) =>
    createDefenderXdrSource({
      fetch: async (input, init) => await defender.handle(new Request(input, init)),
      apiUrl: 'http://127.0.0.1',
      getToken: (tid) => issue({ aud, tid, roles }),
      now: () => NOW,
    });
  const wrong = sourceWith('https://graph.microsoft.com', ['Incident.Read.All']);
  const poor = sourceWith('https://api.security.microsoft.com', ['Machine.Read.All']);

  await expect(wrong.list(CONTOSO, FIRST_PAGE)).rejects.toMatchObject({ problem: 'unauthorized' });
  await expect(poor.list(CONTOSO, FIRST_PAGE)).rejects.toMatchObject({ problem: 'forbidden' });
});

test.each([
  { role: 'Incident.Read.All', reading: 'licence_missing', changing: 'forbidden' },
  { role: 'Incident.ReadWrite.All', reading: 'licence_missing', changing: 'licence_missing' },
  { role: 'Machine.Read.All', reading: 'forbidden', changing: 'forbidden' },
])('403 for a token with $role is $reading when reading', async ({ role, reading, changing }) => {
  const token = makeAccessToken({ roles: [role] });
  const { xdr } = setUpAnswer(() => new Response(null, { status: 403 }), token);

  await expect(xdr.list(CONTOSO, FIRST_PAGE)).rejects.toMatchObject({ problem: reading });
  const update = xdr.update(KEY, { status: 'active' });
  await expect(update).rejects.toMatchObject({ problem: changing });
});

test('why there is no token reaches the caller as it is', async () => {
  const refusal = new BrokerError('temporarily_unavailable', 'Entra is away.', {
    owner: 'microsoft',
    remedy: 'Wait.',
  });
  const getToken = () => Promise.reject(refusal);
  const xdr = createDefenderXdrSource({ fetch, apiUrl: 'https://api.example', getToken });

  await expect(xdr.list(CONTOSO, FIRST_PAGE)).rejects.toBe(refusal);
  await expect(xdr.get(KEY, { alerts: true })).rejects.toBe(refusal);
});

test('many incidents may weigh 8 MiB, for a process reads several tenants at once; one may weigh more', async () => {
  const incident = `{"incidentId":1,"x":"${'x'.repeat(8 * 1024 * 1024)}"}`;
  const { xdr } = setUpAnswer(() => new Response(`{"value":[${incident}]}`));

  await expect(xdr.list(CONTOSO, FIRST_PAGE)).rejects.toMatchObject({ problem: 'too_large' });
  expect((await xdr.list(CONTOSO, { ...FIRST_PAGE, top: 1 })).rows).toEqual([{ id: '1' }]);
});
