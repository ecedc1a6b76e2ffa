import { createRequire } from 'node:module';
import { expect, test, vi } from 'vitest';
import { getCallerToken } from '../../local/sandbox/client.ts';
import { startEnvironment } from './set-up.ts';

const { sandbox, logs, onboard } = await startEnvironment();
const { tenantId } = (await onboard('Contoso')).tenant;
const { entra } = sandbox.microsoft;
const token = await getCallerToken({
  entraUrl: sandbox.microsoft.url,
  homeTenantId: sandbox.partner.directory.homeTenantId,
  audience: sandbox.partner.api.api?.identifiers[0] ?? '',
  tool: sandbox.partner.tools.playbook,
});

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const CALLER = {
  traceparent: `00-${TRACE}-00f067aa0ba902b7-01`,
  tracestate: 'vendor=private',
  baggage: 'user=alice',
};

async function ask(resource: string, headers: Record<string, string> = {}, tenant = tenantId) {
  const before = logs.length;
  const sentBefore = entra.requests.length;
  const response = await fetch(`${sandbox.url}/api/tenants/${tenant}/token`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, ...headers },
    body: new URLSearchParams({ resource }),
  });
  await response.text();
  return { response, lines: linesSince(before), sent: entra.requests.slice(sentBefore) };
}

function linesSince(start: number) {
  const own = logs.slice(start).filter(({ category }) => category.endsWith('.User'));
  return own.map(({ level, message }) => ({ level, ...JSON.parse(message) }));
}

test('a token of Entra leaves one line that says for whom, from where and how long', async () => {
  const { lines } = await ask('graph');
  // Its issuance has a line of its own.
  expect(lines.filter(({ event }) => event !== 'token.issued')).toEqual([
    {
      level: 'information',
      event: 'request.completed',
      route: 'issueToken',
      status: 200,
      duration_ms: expect.any(Number),
      caller: sandbox.partner.tools.playbook.clientId,
      tenant: tenantId,
      resource: 'graph',
      source: 'entra',
      degraded: false,
      correlation_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      trace_id: expect.stringMatching(/^[0-9a-f]{32}$/),
    },
  ]);
});

test.each([
  ['GUID', tenantId],
  ['domain', 'contoso.example'],
])('a token in memory leaves no line, asked for by %s', async (_, name) => {
  await ask('defender-xdr');
  // What runs in the background leaves lines as well: some request meets none of it.
  await vi.waitFor(
    async () => {
      const { response, lines } = await ask('defender-xdr', {}, name);
      expect([response.status, lines]).toEqual([200, []]);
    },
    { timeout: 20_000, interval: 50 },
  );
});

test('a refusal says who has to act', async () => {
  const { lines } = await ask('nonsense');
  expect(lines).toMatchObject([
    { event: 'request.refused', status: 400, error: 'invalid_target', owner: 'caller' },
  ]);
});

test('what a caller calls a tenant is not repeated in the log', async () => {
  const { response } = await ask('graph', {}, 'alice@example.com');
  expect(response.status).toBe(400);
  expect(logs.filter(({ message }) => message.includes('alice'))).toEqual([]);
});

test("the caller's trace reaches Entra with a span of its own and the correlation id", async () => {
  const { lines, sent } = await ask('defender-endpoint', CALLER);
  const { traced } = sent.find(({ tenant }) => tenant === tenantId) ?? {};
  expect(traced?.traceparent).toMatch(new RegExp(`^00-${TRACE}-(?!00f067aa0ba902b7)\\w{16}-01$`));
  expect(lines.at(-1)).toMatchObject({
    trace_id: TRACE,
    correlation_id: traced?.clientRequestId,
  });
});

test("nothing of the caller's own goes to Entra", () => {
  const contents = entra.requests.flatMap(({ traced }) => traced?.headers ?? []);
  expect(contents).toContain('traceparent');
  expect(contents.filter((name) => /baggage|tracestate|authorization/.test(name))).toEqual([]);
});

test('a malformed traceparent begins a new trace', async () => {
  const { lines } = await ask('nonsense', { traceparent: `00-${TRACE}-0000000000000000-01` });
  expect(lines.map(({ trace_id }) => trace_id)).not.toEqual([TRACE]);
});

test('a timer ends with its line and with what was counted', async () => {
  await ask('defender-xdr');
  const before = logs.length;
  await sandbox.host.runFunction('refreshTokens');
  const lines = linesSince(before);
  expect(lines.map(({ event }) => event)).toEqual(['refresh.run', 'run.completed', 'metrics']);
  expect(lines[1]).toMatchObject({ function: 'refreshTokens', kind: 'timer' });
  expect(lines[2].series).toContainEqual({
    name: 'tokens.brokered',
    value: expect.any(Number),
    source: 'memory',
    outcome: 'issued',
  });
});

test('while OpenTelemetry is off, nothing of it is loaded', async () => {
  await ask('graph');
  const loaded = Object.keys(createRequire(import.meta.url).cache);
  expect(loaded.filter((path) => /azure-sdk\.cjs$/.test(path))).toHaveLength(1);
  expect(loaded.filter((path) => /opentelemetry/.test(path))).toEqual([]);
});

test('a process that ends writes what it counted since', async () => {
  await sandbox.host.runFunction('refreshTokens');
  await ask('graph');
  await ask('graph');
  await sandbox.stop();
  const last = logs.filter(({ message }) => message.includes('"event":"metrics"')).at(-1);
  expect(JSON.parse(last?.message ?? '')).toEqual({
    event: 'metrics',
    series: [{ name: 'tokens.brokered', value: 2, source: 'memory', outcome: 'issued' }],
  });
});
