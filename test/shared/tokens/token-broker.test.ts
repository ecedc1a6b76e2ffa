import { expect, test, vi } from 'vitest';
import { IssueError } from '../../../shared/tokens/failure.ts';
import type { TokenResponse } from '../../../shared/tokens/token-issuer.ts';
import { HOUR, MINUTE, SECOND } from '../../support/clock.ts';
import { claimsOf, makeAccessToken, OTHER_TENANT, TENANT } from '../../support/tokens.ts';
import { createGate, KEY, setUp } from './set-up.ts';

const unavailable = new IssueError({ cause: 'service_unavailable' });

test('a token is asked of Entra once and then served from memory', async () => {
  const { broker, requestToken, clock } = setUp();
  const first = await broker.getToken(KEY, 0);
  clock.pass(20 * MINUTE);
  expect(await broker.getToken(KEY, 0)).toBe(first);
  expect(first).toMatchObject({ ...KEY, degraded: false, claims: { uti: 'token 1' } });
  expect(requestToken).toHaveBeenCalledTimes(1);
});

test('fifty concurrent requests share one request to Entra', async () => {
  const { broker, requestToken } = setUp();
  const tokens = await Promise.all(Array.from({ length: 50 }, () => broker.getToken(KEY, 0)));
  expect(new Set(tokens.map(({ accessToken }) => accessToken)).size).toBe(1);
  expect(requestToken).toHaveBeenCalledTimes(1);
});

test('4 processes × 50 requests find no token: one request to Entra', async () => {
  const { createProcess, requestToken } = setUp();
  const processes = Array.from({ length: 4 }, createProcess);
  await Promise.all(
    processes.flatMap((broker) => Array.from({ length: 50 }, () => broker.getToken(KEY, 0))),
  );
  expect(requestToken).toHaveBeenCalledTimes(1);
});

test('another process is served from the table', async () => {
  const { broker, createProcess, requestToken } = setUp();
  const { accessToken } = await broker.getToken(KEY, 0);
  expect(await createProcess().getToken(KEY, 0)).toMatchObject({ accessToken, degraded: false });
  expect(requestToken).toHaveBeenCalledTimes(1);
});

test('every request is counted by where its token came from and what became of it', async () => {
  const { broker, createProcess, requestToken, metrics } = setUp();
  for (const process of [broker, broker, broker, createProcess()]) await process.getToken(KEY, 0);
  requestToken.mockRejectedValue(unavailable);
  const other = { ...KEY, tenantId: OTHER_TENANT };
  await expect(broker.getToken(other, 0)).rejects.toThrow();
  const counts = metrics.take().map(({ attributes: { source, outcome }, value }) => {
    return `${source} ${outcome} ${value}`;
  });
  expect(counts.toSorted()).toEqual([
    'entra issued 1',
    'memory issued 2',
    'none temporarily_unavailable 1',
    'table issued 1',
  ]);
});

test('tenants and resources have tokens of their own', async () => {
  const { broker, requestToken } = setUp();
  requestToken.mockImplementation(({ tenantId, resource }) => {
    const aud =
      resource === 'graph' ? 'https://graph.microsoft.com' : 'https://api.security.microsoft.com';
    return Promise.resolve({
      accessToken: makeAccessToken({ tid: tenantId, aud }),
      expiresInMs: HOUR,
    });
  });
  const keys = [KEY, { ...KEY, tenantId: OTHER_TENANT }, { ...KEY, resource: 'graph' as const }];
  const tokens = await Promise.all(keys.map((key) => broker.getToken(key, 0)));
  const tenants = tokens.map(({ accessToken }) => claimsOf(accessToken).tenantId);
  expect(tenants).toEqual([TENANT, OTHER_TENANT, TENANT]);
  expect(requestToken).toHaveBeenCalledTimes(3);
});

test('the timer replaces a token whose refresh time has come', async () => {
  const { broker, createProcess, clock } = setUp();
  await broker.getToken(KEY, 0);
  clock.pass(51 * MINUTE);
  expect(await createProcess().refresh(KEY)).toMatchObject({ source: 'entra' });
  expect(await broker.getToken(KEY, 0)).toMatchObject({ claims: { uti: 'token 2' } });
});

test('the timer leaves a token alone whose refresh time has not come', async () => {
  const { broker, clock, requestToken } = setUp();
  await broker.getToken(KEY, 0);
  clock.pass(29 * MINUTE);
  expect(await broker.refresh(KEY)).toMatchObject({ source: 'table' });
  expect(requestToken).toHaveBeenCalledTimes(1);
});

test('a request refreshes a token that the timer forgot, five minutes before its end', async () => {
  const { broker, clock } = setUp();
  await broker.getToken(KEY, 0);
  clock.pass(54 * MINUTE);
  expect(await broker.getToken(KEY, 0)).toMatchObject({ claims: { uti: 'token 1' } });
  clock.pass(90 * SECOND);
  expect(await broker.getToken(KEY, 0)).toMatchObject({ claims: { uti: 'token 2' } });
});

test('Entra is down, the token still works: it is served, marked degraded', async () => {
  const { broker, clock, requestToken } = setUp();
  await broker.getToken(KEY, 0);
  requestToken.mockRejectedValue(unavailable);
  clock.pass(56 * MINUTE);
  expect(await broker.getToken(KEY, 0)).toMatchObject({
    degraded: true,
    claims: { uti: 'token 1' },
  });
});

test('no read fails while Entra is down for the whole refresh margin', async () => {
  const { broker, clock, requestToken } = setUp();
  await broker.getToken(KEY, 0);
  requestToken.mockRejectedValue(unavailable);
  for (let minute = 0; minute < 59; minute++) {
    clock.pass(MINUTE);
    expect((await broker.getToken(KEY, 0)).claims?.uti).toBe('token 1');
  }
});

test('an ended token is never served', async () => {
  const { broker, clock, requestToken } = setUp();
  await broker.getToken(KEY, 0);
  requestToken.mockRejectedValue(unavailable);
  clock.pass(HOUR);
  await expect(broker.getToken(KEY, 0)).rejects.toMatchObject({
    code: 'temporarily_unavailable',
    details: { owner: 'microsoft', retryAfterSeconds: 5 },
  });
});

test('a token is never taken to outlive its own exp, whatever the clock of who fetched it', async () => {
  const { broker, requestToken, tokens, clock } = setUp();
  const exp = clock.now() + 56 * MINUTE;
  const accessToken = makeAccessToken({ exp: exp / 1000 });
  requestToken.mockResolvedValue({ accessToken, expiresInMs: HOUR });
  expect(await broker.getToken(KEY, 0)).toMatchObject({ expiresAt: exp });
  expect((await tokens.find(KEY))?.value.token).toMatchObject({ expiresAt: exp });
});

test('a token that has ended already is neither stored nor served', async () => {
  const { broker, requestToken, tokens, clock } = setUp();
  const exp = clock.now() / 1000;
  requestToken.mockResolvedValue({ accessToken: makeAccessToken({ exp }), expiresInMs: HOUR });
  await expect(broker.getToken(KEY, 0)).rejects.toMatchObject({
    code: 'temporarily_unavailable',
    details: { owner: 'partner', remedy: 'Correct the clock of the host.' },
  });
  expect((await tokens.find(KEY))?.value.token).toBeUndefined();
});

test('Entra is left alone after a failure, by every process, and asked again in time', async () => {
  const { broker, createProcess, requestToken, clock } = setUp();
  requestToken.mockRejectedValueOnce(new IssueError({ cause: 'throttled', retryAfterMs: MINUTE }));
  await expect(broker.getToken(KEY, 0)).rejects.toMatchObject({
    details: { retryAfterSeconds: 60 },
  });
  clock.pass(20 * SECOND);
  const waiting = createProcess().getToken(KEY, 0);
  await expect(waiting).rejects.toMatchObject({ details: { retryAfterSeconds: 40 } });
  expect(requestToken).toHaveBeenCalledTimes(1);
  clock.pass(41 * SECOND);
  expect(await broker.getToken(KEY, 0)).toMatchObject({ degraded: false });
});

test('a refusal of our own credential holds no tenant back', async () => {
  const { broker, requestToken, tokens } = setUp();
  requestToken.mockRejectedValueOnce(new IssueError({ cause: 'credential_rejected' }));
  await expect(broker.getToken(KEY, 0)).rejects.toMatchObject({ details: { owner: 'partner' } });
  expect((await tokens.find(KEY))?.value).toMatchObject({
    retryState: undefined,
    lease: undefined,
  });
  expect(await broker.getToken(KEY, 0)).toMatchObject({ degraded: false });
});

test.each([
  ['another tenant', { tid: OTHER_TENANT }, 'tid'],
  ['another app', { appid: OTHER_TENANT }, 'appid'],
  ['another resource', { aud: 'https://graph.microsoft.com' }, 'aud'],
])('a token for %s is neither stored nor served', async (_, claims, claim) => {
  const { broker, requestToken, tokens, log } = setUp();
  requestToken.mockResolvedValue({ accessToken: makeAccessToken(claims), expiresInMs: HOUR });
  await expect(broker.getToken(KEY, 0)).rejects.toMatchObject({ code: 'server_error' });
  expect((await tokens.find(KEY))?.value.token).toBeUndefined();
  expect(log.lines).toEqual([
    {
      level: 'error',
      event: 'token.mismatch',
      fields: { tenant: TENANT, resource: 'defender-xdr', claim, reason: 'differs' },
    },
  ]);
});

test.each([
  ['without oid', { oid: undefined }, 'consent_required'],
  ['without roles', { roles: undefined }, 'missing_roles'],
  ['without the required role', { roles: ['AdvancedHunting.Read.All'] }, 'missing_roles'],
])('a token %s is neither stored nor served', async (_, claims, code) => {
  const { broker, requestToken, tokens } = setUp();
  requestToken.mockResolvedValue({ accessToken: makeAccessToken(claims), expiresInMs: HOUR });
  await expect(broker.getToken(KEY, 0)).rejects.toMatchObject({ code });
  expect((await tokens.find(KEY))?.value.token).toBeUndefined();
});

test('a token with the write role serves where the read role is required', async () => {
  const { broker, requestToken } = setUp();
  const accessToken = makeAccessToken({ roles: ['Incident.ReadWrite.All'] });
  requestToken.mockResolvedValue({ accessToken, expiresInMs: HOUR });
  expect(await broker.getToken(KEY, 0)).toMatchObject({ accessToken });
});

test.each([
  ['no JWT', 'opaque'],
  ['another tenant’s whose audience is a list', makeAccessToken({ tid: OTHER_TENANT, aud: [] })],
  ['another tenant’s whose roles are a text', makeAccessToken({ tid: OTHER_TENANT, roles: 'a' })],
  ['another tenant’s whose uti is a number', makeAccessToken({ tid: OTHER_TENANT, uti: 7 })],
])('a token that is %s is neither stored nor served', async (_, accessToken) => {
  const { broker, requestToken, tokens, log } = setUp();
  requestToken.mockResolvedValue({ accessToken, expiresInMs: HOUR });
  await expect(broker.getToken(KEY, 0)).rejects.toMatchObject({ code: 'server_error' });
  expect((await tokens.find(KEY))?.value.token).toBeUndefined();
  expect(log.lines.map(({ event }) => event)).toEqual(['token.mismatch']);
});

test('a stored token that is for something else is not served: a new one is asked for', async () => {
  const { broker, createProcess, requestToken, tokens, seal } = setUp();
  const { issuedAt, expiresAt, refreshAt } = await broker.getToken(KEY, 0);
  const accessToken = makeAccessToken({ tid: OTHER_TENANT });
  const life = { issuedAt, expiresAt, refreshAt };
  const token = { ...life, sealed: await seal.seal(KEY, { ...life, accessToken }) };
  const stored = await tokens.find(KEY);
  await (stored && tokens.replace(stored, { ...stored.value, token }));
  expect(await createProcess().getToken(KEY, 0)).toMatchObject({ claims: { uti: 'token 2' } });
  expect(requestToken).toHaveBeenCalledTimes(2);
});

test('min_ttl gets a token that lives long enough', async () => {
  const { broker, clock } = setUp();
  await broker.getToken(KEY, 0);
  clock.pass(20 * MINUTE);
  expect(await broker.getToken(KEY, 50 * MINUTE)).toMatchObject({ claims: { uti: 'token 2' } });
});

test('a min_ttl beyond what Entra gives is refused without asking Entra again and again', async () => {
  const { broker, requestToken } = setUp();
  const remedy = 'Ask for a min_ttl of 3300 or less.';
  const refused = { code: 'invalid_request', details: { owner: 'caller', remedy } };
  await expect(broker.getToken(KEY, 2 * HOUR)).rejects.toMatchObject(refused);
  await expect(broker.getToken(KEY, 2 * HOUR)).rejects.toMatchObject(refused);
  expect(requestToken).toHaveBeenCalledTimes(1);
});

test('the min_ttl that a refusal names works at any time', async () => {
  const { broker, createProcess, clock } = setUp();
  await broker.getToken(KEY, 0);
  for (let minute = 0; minute < 130; minute++) {
    for (const process of [broker, createProcess()]) {
      const { expiresAt } = await process.getToken(KEY, 3300 * SECOND);
      expect(expiresAt - clock.now()).toBeGreaterThanOrEqual(3300 * SECOND);
    }
    clock.pass(MINUTE);
  }
});

test('for tokens that live for minutes no min_ttl is named', async () => {
  const { broker, requestToken, clock } = setUp();
  const exp = clock.now() + 4 * MINUTE;
  const accessToken = makeAccessToken({ exp: exp / 1000 });
  requestToken.mockResolvedValue({ accessToken, expiresInMs: 4 * MINUTE });
  await expect(broker.getToken(KEY, HOUR)).rejects.toMatchObject({
    details: { remedy: 'Leave min_ttl out.' },
  });
});

test('a caller with a large min_ttl is not served by the flight of a modest one', async () => {
  const { broker, clock, requestToken } = setUp();
  await broker.getToken(KEY, 0);
  clock.pass(52 * MINUTE);
  const [modest, demanding] = await Promise.all([
    broker.getToken(KEY, 0),
    broker.getToken(KEY, 30 * MINUTE),
  ]);
  expect(modest.claims?.uti).toBe('token 1');
  expect(demanding.claims?.uti).toBe('token 2');
  expect(requestToken).toHaveBeenCalledTimes(2);
});

test('a holder that was paused past its lease can no longer write', async () => {
  const { broker, createProcess, requestToken, clock, tokens } = setUp();
  const gate = createGate<TokenResponse>();
  requestToken.mockReturnValueOnce(gate.promise);
  const paused = broker.getToken(KEY, 0);
  await expect.poll(() => requestToken.mock.calls.length).toBe(1);
  clock.pass(46 * SECOND);
  const winner = await createProcess().getToken(KEY, 0);
  gate.resolve({ accessToken: makeAccessToken({ uti: 'late' }), expiresInMs: HOUR });
  expect((await paused).accessToken).toBe(winner.accessToken);
  expect((await tokens.find(KEY))?.value.fence).toBe(2);
});

test('a holder that lost its lease waits for the token of who took it', async () => {
  const { broker, createProcess, requestToken, clock } = setUp();
  const [lost, taken] = [createGate<TokenResponse>(), createGate<TokenResponse>()];
  requestToken.mockReturnValueOnce(lost.promise).mockReturnValueOnce(taken.promise);
  const paused = broker.getToken(KEY, 0);
  await expect.poll(() => requestToken.mock.calls.length).toBe(1);
  clock.pass(46 * SECOND);
  const winner = createProcess().getToken(KEY, 0);
  await expect.poll(() => requestToken.mock.calls.length).toBe(2);
  lost.resolve({ accessToken: makeAccessToken({ uti: 'late' }), expiresInMs: HOUR });
  setTimeout(taken.resolve, 100, { accessToken: makeAccessToken(), expiresInMs: HOUR });
  expect((await paused).accessToken).toBe((await winner).accessToken);
});

test('a request does not wait for a refresh in another process while its token works', async () => {
  const { broker, createProcess, requestToken, clock } = setUp();
  await broker.getToken(KEY, 0);
  clock.pass(56 * MINUTE);
  const gate = createGate<TokenResponse>();
  requestToken.mockReturnValueOnce(gate.promise);
  const refreshing = createProcess().refresh(KEY);
  await expect.poll(() => requestToken.mock.calls.length).toBe(2);
  expect(await broker.getToken(KEY, 0)).toMatchObject({ claims: { uti: 'token 1' } });
  gate.resolve({ accessToken: makeAccessToken(), expiresInMs: HOUR });
  await refreshing;
});

test('demand is noted when a caller asks, and not again within the hour', async () => {
  const { broker, createProcess, tokens, clock } = setUp();
  await broker.getToken(KEY, 0);
  const noted = await tokens.find(KEY);
  clock.pass(10 * MINUTE);
  await createProcess().getToken(KEY, 0);
  expect((await tokens.find(KEY))?.etag).toBe(noted?.etag);
  expect(noted?.value.requestedAt).toBe(clock.now() - 10 * MINUTE);
});

test('a note of demand does not cost a lease holder its write', async () => {
  const { createProcess, requestToken, tokens, broker } = setUp();
  const gate = createGate<TokenResponse>();
  requestToken.mockReturnValueOnce(gate.promise);
  const refreshing = createProcess().refresh(KEY);
  await expect.poll(() => requestToken.mock.calls.length).toBe(1);
  const held = await tokens.find(KEY);
  await (held && tokens.replace(held, { ...held.value, requestedAt: 1 }));
  gate.resolve({ accessToken: makeAccessToken({ uti: 'kept' }), expiresInMs: HOUR });
  expect(await refreshing).toMatchObject({ source: 'entra' });
  expect(await broker.getToken(KEY, 0)).toMatchObject({ claims: { uti: 'kept' } });
});

test('what Entra answered is reported', async () => {
  const { broker, requestToken, report, clock } = setUp();
  requestToken.mockRejectedValueOnce(unavailable);
  await expect(broker.getToken(KEY, 0)).rejects.toThrow();
  clock.pass(6 * SECOND);
  await broker.getToken(KEY, 0);
  expect(report.mock.calls).toEqual([
    [KEY, { failure: { cause: 'service_unavailable' }, count: 1 }],
    [KEY, { issued: true, roles: ['Incident.Read.All'] }],
  ]);
});

test('a forgotten token is looked up in the table again', async () => {
  const { broker, tokens, requestToken } = setUp();
  await broker.getToken(KEY, 0);
  await tokens.removeTenant(TENANT);
  broker.forget();
  await broker.getToken(KEY, 0);
  expect(requestToken).toHaveBeenCalledTimes(2);
});

test('with the table out of reach a due token of this process goes on being served', async () => {
  const { broker, tokens, clock } = setUp();
  await broker.getToken(KEY, 0);
  vi.spyOn(tokens, 'find').mockRejectedValue(new Error('down'));
  clock.pass(58 * MINUTE);
  expect(await broker.getToken(KEY, 0)).toMatchObject({ degraded: true });
  clock.pass(2 * MINUTE);
  await expect(broker.getToken(KEY, 0)).rejects.toThrow('down');
});

test('a table that can be read but not written hides no token that works', async () => {
  const { broker, createProcess, tokens, clock } = setUp();
  await broker.getToken(KEY, 0);
  vi.spyOn(tokens, 'replace').mockRejectedValue(new Error('down'));
  clock.pass(58 * MINUTE);
  expect(await createProcess().getToken(KEY, 0)).toMatchObject({ degraded: true });
});

test('a lease whose answer was lost is still held', async () => {
  const { broker, tokens, requestToken } = setUp();
  const { insert } = tokens;
  vi.spyOn(tokens, 'insert').mockImplementationOnce(async (record) => {
    await insert(record);
    return undefined;
  });
  expect(await broker.getToken(KEY, 0)).toMatchObject({ degraded: false });
  expect(requestToken).toHaveBeenCalledTimes(1);
});
