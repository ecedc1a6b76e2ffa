import type { Config } from '../../shared/config.ts';
import { createServerClock } from '../../shared/server-clock.ts';
import { createSlotControl } from '../../shared/slots/slots.ts';
import type { Exporter } from '../../shared/telemetry/exporter.ts';
import type { Metrics } from '../../shared/telemetry/metrics.ts';
import { createTracedFetch } from '../../shared/telemetry/traced-fetch.ts';
import { createTracer } from '../../shared/telemetry/tracer.ts';
import type { InvocationLog } from '../log.ts';

const { now } = Date;

/** What happens is told to this: lines, numbers, and requests that carry the trace. */
export type Observer = ReturnType<typeof composeObserver>;

/**
 * Wires logs, metrics, tracing, the time as Entra has it, and requests, which know the slot that
 * they are made in; OpenTelemetry is loaded only where it is on. The time of tokens, which several
 * processes compare, is Entra's.
 */
export function composeObserver(
  { otlpEndpoint }: Config,
  { log, metrics }: { log: InvocationLog; metrics: Metrics },
) {
  const exporter = otlpEndpoint === undefined ? undefined : startExporter(otlpEndpoint, log);
  const trace = createTracer({ findOrigin: log.findOrigin, record: exporter?.record, now });
  const tracedFetch = createTracedFetch(fetch, trace);
  const entraClock = createServerClock(now);
  const slotControl = createSlotControl();
  return {
    log,
    metrics,
    trace,
    slotControl,
    fetch: slotControl.withSlots(tracedFetch),
    entraFetch: slotControl.withSlots(entraClock.observe(tracedFetch)),
    entraNow: entraClock.now,
    toEntraTime: entraClock.toServerTime,
    exporter,
  };
}

/** The chunk is loaded beside the first request; what ends before is sent afterwards. */
function startExporter(endpoint: string, log: InvocationLog): Exporter {
  const loading = import('../../shared/otel/otel.ts').then(
    ({ createOtlpExporter }) => createOtlpExporter(endpoint),
    () => {
      log.error('telemetry.not_loaded');
      return undefined;
    },
  );
  return {
    record: (span) => void loading.then((exporter) => exporter?.record(span)),
    add: (readings) => void loading.then((exporter) => exporter?.add(readings)),
    flush: async () => (await loading)?.flush(),
  };
}
