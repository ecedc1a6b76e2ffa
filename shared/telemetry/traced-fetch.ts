import type { RecordSpan } from './span.ts';
import { type TraceContext, toChild, toTraceparent } from './trace-context.ts';

/** What a request is sent on behalf of. */
export interface Origin {
  readonly trace: TraceContext;
  /** A GUID; Entra and Graph keep it as `client-request-id` in their logs. */
  readonly correlationId: string;
}

/**
 * Wraps `fetch` so that requests carry the trace of the invocation that sends them. Only ids go
 * out: the caller's `tracestate` and `baggage` are not for third parties.
 */
export function createTracedFetch({
  fetch,
  findOrigin,
  record,
  now,
}: {
  fetch: typeof globalThis.fetch;
  /** `undefined`: nothing is under way. */
  findOrigin: () => Origin | undefined;
  record: RecordSpan | undefined;
  now: () => number;
}): typeof globalThis.fetch {
  return async (input, init) => {
    const origin = findOrigin();
    if (!origin) return await fetch(input, init);
    const trace = toChild(origin.trace);
    const startedAt = now();
    const end = (status?: number) =>
      record?.({ ...toOutcome(input, init, status), trace, startedAt, endedAt: now() });
    try {
      const response = await fetch(input, { ...init, headers: toHeaders(init, origin, trace) });
      end(response.status);
      return response;
    } catch (error) {
      end();
      throw error;
    }
  };
}

function toHeaders(init: RequestInit | undefined, origin: Origin, trace: TraceContext): Headers {
  const headers = new Headers(init?.headers);
  headers.set('traceparent', toTraceparent(trace));
  headers.set('client-request-id', origin.correlationId);
  return headers;
}

/** Neither path nor query: they may name a tenant, a code or a state. */
function toOutcome(input: Input, init: RequestInit | undefined, status: number | undefined) {
  const method = init?.method ?? 'GET';
  const { host } = new URL(input instanceof Request ? input.url : input);
  return {
    name: method,
    kind: 'client',
    failed: status === undefined || status >= 400,
    attributes: {
      'http.request.method': method,
      'server.address': host,
      ...(status !== undefined && { 'http.response.status_code': status }),
    },
  } as const;
}

type Input = Parameters<typeof globalThis.fetch>[0];
