import { serve } from '../../local/serve.ts';

/** One attribute of OTLP's JSON. */
type Pair = { readonly key: string; readonly value: Readonly<Record<string, unknown>> };

/** A span as a collector gets it. */
interface ReceivedSpan {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly traceState?: string;
  readonly kind: number;
  readonly attributes: readonly Pair[];
}

/** A stand-in for an OpenTelemetry collector that takes OTLP over HTTP in JSON and keeps it. */
export async function startCollector() {
  const spans: ReceivedSpan[] = [];
  const metrics: { name: string; sum?: unknown; gauge?: unknown }[] = [];
  let status = 200;
  const served = await serve(async (request) => {
    const body = JSON.parse(await request.text());
    const { pathname } = new URL(request.url);
    if (pathname === '/v1/traces') {
      for (const { scopeSpans } of body.resourceSpans) spans.push(...scopeSpans[0].spans);
    } else if (pathname === '/v1/metrics') {
      for (const { scopeMetrics } of body.resourceMetrics) {
        metrics.push(...scopeMetrics[0].metrics);
      }
    } else return new Response('Not found', { status: 404 });
    return Response.json({}, { status });
  });
  const refuse = () => {
    status = 400;
  };
  return { ...served, spans, metrics, refuse };
}
