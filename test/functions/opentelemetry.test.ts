import { afterAll, expect, test } from 'vitest';
import { startCollector } from '../support/collector.ts';
import { startEnvironment } from './set-up.ts';

const collector = await startCollector();
afterAll(collector.stop);
const { sandbox, logs, onboard } = await startEnvironment({
  TELEMETRY: 'otel',
  OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
});
const { tenantId } = (await onboard('Contoso')).tenant;
const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';

/** Asks for a token as a caller with a trace; the timer at the end sends what there is. */
async function askWithTrace() {
  const token = await fetch(`${sandbox.microsoft.url}/sandbox/token/playbook`);
  const response = await fetch(`${sandbox.url}/api/tenants/${tenantId}/token`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${await token.text()}`,
      traceparent: `00-${TRACE}-00f067aa0ba902b7-01`,
      tracestate: 'vendor=1',
    },
    body: new URLSearchParams({ resource: 'graph' }),
  });
  await response.text();
  await sandbox.host.runFunction('refreshTokens');
}

test("a collector gets the caller's trace, down to the request to Entra", async () => {
  await askWithTrace();
  const spans = collector.spans.filter(({ traceId }) => traceId === TRACE);
  const server = spans.find(({ kind }) => kind === 2);
  const clients = spans.filter(({ kind }) => kind === 3);
  expect(server).toMatchObject({
    name: 'POST /api/tenants/{tenant}/token',
    parentSpanId: expect.stringMatching(/^[0-9a-f]{16}$/),
    traceState: 'vendor=1',
  });
  const parents = new Set(clients.map(({ parentSpanId }) => parentSpanId));
  expect([...parents]).toEqual([server?.spanId]);
  const sent = sandbox.microsoft.entra.requests.map(({ traced }) => traced?.traceparent);
  expect(sent).toContain(`00-${TRACE}-${clients.at(-1)?.spanId}-01`);
});

test('no span names a tenant or carries a secret', () => {
  const text = JSON.stringify(collector.spans);
  expect(text).not.toContain(tenantId);
  expect(text).not.toContain(sandbox.partner.clientSecret);
});

test('a collector gets the metrics that the log has', () => {
  const names = collector.metrics.map(({ name }) => name);
  expect(names).toContain('tokens.brokered');
  const { sum } = collector.metrics.find(({ name }) => name === 'tokens.brokered') ?? {};
  expect(JSON.stringify(sum)).toContain('"entra"');
  expect(logs.some(({ message }) => message.includes('"event":"metrics"'))).toBe(true);
});

test("a collector that refuses is nobody else's trouble", async () => {
  collector.refuse();
  await expect(sandbox.host.runFunction('refreshTokens')).resolves.toBeUndefined();
});
