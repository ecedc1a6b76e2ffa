import type { RecordSpan } from './span.ts';
import { type TraceContext, toChild, toTraceparent } from './trace-context.ts';

/** What a request is sent on behalf of. */
export interface Origin {
  readonly trace: TraceContext;
  /** A GUID; Entra and Graph keep it as `client-request-id` in their logs. */
  readonly correlationId: string;
}

/** A request as a span names it: neither path nor query, which may name a tenant, code or state. */
interface TracedRequest {
  readonly method: string;
  readonly host: string;
}

/**
 * Sends a request with the headers of the trace of the invocation that it is sent for, and records
 * its span.
 */
export type Trace = <Answer extends { readonly status: number }>(
  request: TracedRequest,
  send: (headers: Readonly<Record<string, string>>) => Promise<Answer>,
) => Promise<Answer>;

/** What tracing takes. */
interface TracerParts {
  /** `undefined`: nothing is under way. */
  readonly findOrigin: () => Origin | undefined;
  /** `undefined`: nobody listens. */
  readonly record: RecordSpan | undefined;
  readonly now: () => number;
}

/** Creates the tracing of requests to others. Only ids go out. */
export function createTracer({ findOrigin, record, now }: TracerParts): Trace {
  return async (request, send) => {
    const origin = findOrigin();
    if (!origin) return await send({});
    const trace = toChild(origin.trace);
    const startedAt = now();
    const end = (status?: number) =>
      record?.({ ...toOutcome(request, status), trace, startedAt, endedAt: now() });
    try {
      const answer = await send({
        traceparent: toTraceparent(trace),
        'client-request-id': origin.correlationId,
      });
      end(answer.status);
      return answer;
    } catch (error) {
      end();
      throw error;
    }
  };
}

function toOutcome({ method, host }: TracedRequest, status: number | undefined) {
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
