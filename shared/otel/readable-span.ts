import {
  createTraceState,
  type HrTime,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
} from '@opentelemetry/api';
import type { Resource } from '@opentelemetry/resources';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import type { Span } from '../telemetry/span.ts';
import type { TraceContext } from '../telemetry/trace-context.ts';

const KINDS: Readonly<Record<Span['kind'], SpanKind>> = {
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  consumer: SpanKind.CONSUMER,
};

/**
 * A span of ours as exporters read it. Every span is recorded: the host of classic Application
 * Insights says "not sampled" of traces that it keeps, so what is too much is for the collector to
 * drop.
 */
export function toReadableSpan(span: Span, resource: Resource): ReadableSpan {
  const { name, kind, trace, startedAt, endedAt, failed, attributes } = span;
  const context = toSpanContext(trace, trace.spanId);
  return {
    name,
    kind: KINDS[kind],
    spanContext: () => context,
    ...(trace.parentId !== undefined && {
      parentSpanContext: toSpanContext(trace, trace.parentId),
    }),
    startTime: toHrTime(startedAt),
    endTime: toHrTime(endedAt),
    duration: toHrTime(endedAt - startedAt),
    status: { code: failed ? SpanStatusCode.ERROR : SpanStatusCode.UNSET },
    attributes,
    resource,
    instrumentationScope: { name: 'broker' },
    ended: true,
    links: [],
    events: [],
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
  };
}

function toSpanContext({ traceId, state }: TraceContext, spanId: string): SpanContext {
  return {
    traceId,
    spanId,
    traceFlags: TraceFlags.SAMPLED,
    ...(state !== undefined && { traceState: createTraceState(state) }),
  };
}

/** Seconds and nanoseconds. */
function toHrTime(milliseconds: number): HrTime {
  return [Math.floor(milliseconds / 1000), (milliseconds % 1000) * 1_000_000];
}
