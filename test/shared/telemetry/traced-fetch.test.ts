import { expect, test, vi } from 'vitest';
import type { RecordSpan } from '../../../shared/telemetry/span.ts';
import { toTraceContext } from '../../../shared/telemetry/trace-context.ts';
import { createTracedFetch } from '../../../shared/telemetry/traced-fetch.ts';
import { createTracer } from '../../../shared/telemetry/tracer.ts';
import { createClock } from '../../support/clock.ts';

const URL = 'https://login.example/a-tenant/token?code=secret';

function setUp(answer: () => Promise<Response>, origin = toOrigin()) {
  const { now } = createClock();
  const send = vi.fn<typeof fetch>().mockImplementation(answer);
  const record = vi.fn<RecordSpan>();
  const traced = createTracedFetch(send, createTracer({ findOrigin: () => origin, record, now }));
  const sent = () => new Headers(send.mock.calls[0]?.[1]?.headers);
  return { traced, record, sent, origin };
}

function toOrigin() {
  const trace = toTraceContext(
    '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
    'vendor=secret',
  );
  return { trace, correlationId: '0f8fad5b-d9cb-469f-a165-70867728950e' };
}

test('a request carries its own span, the correlation id, and what it carried before', async () => {
  const { traced, sent, record, origin } = setUp(() => Promise.resolve(new Response('x')));
  await traced(URL, { method: 'POST', headers: { accept: 'application/json' } });
  const { trace } = record.mock.calls[0]?.[0] ?? {};
  expect(Object.fromEntries(sent())).toEqual({
    accept: 'application/json',
    'client-request-id': origin.correlationId,
    traceparent: `00-${origin.trace.traceId}-${trace?.spanId}-01`,
  });
  expect(trace?.parentId).toBe(origin.trace.spanId);
});

test('its span says where and how it ended, and no path', async () => {
  const { traced, record } = setUp(() => Promise.resolve(new Response('x', { status: 429 })));
  await traced(URL, { method: 'POST' });
  expect(record.mock.calls[0]?.[0]).toMatchObject({ name: 'POST', kind: 'client', failed: true });
  expect(record.mock.calls[0]?.[0].attributes).toEqual({
    'http.request.method': 'POST',
    'server.address': 'login.example',
    'http.response.status_code': 429,
  });
});

test('a request without an answer is a failed span, and the error goes on', async () => {
  const { traced, record } = setUp(() => Promise.reject(new TypeError('reset')));
  await expect(traced(URL)).rejects.toThrow('reset');
  expect(record.mock.calls.map(([{ failed }]) => failed)).toEqual([true]);
});

test('outside of an invocation a request is left alone', async () => {
  const send = vi.fn<typeof fetch>().mockResolvedValue(new Response('x'));
  const { now } = createClock();
  const trace = createTracer({ findOrigin: () => undefined, record: undefined, now });
  const traced = createTracedFetch(send, trace);
  await traced(URL, { method: 'GET' });
  expect(send.mock.calls).toEqual([[URL, { method: 'GET' }]]);
});
