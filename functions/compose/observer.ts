import type { Config } from '../../shared/config.ts';
import type { Exporter } from '../../shared/telemetry/exporter.ts';
import type { Metrics } from '../../shared/telemetry/metrics.ts';
import { createTracedFetch } from '../../shared/telemetry/traced-fetch.ts';
import type { InvocationLog } from '../log.ts';

const { now } = Date;

/** What happens is told to this: lines, numbers, and requests that carry the trace. */
export type Observer = ReturnType<typeof composeObserver>;

/** Wires logs, metrics and tracing; OpenTelemetry is loaded only where it is on. */
export function composeObserver(
  { otlpEndpoint }: Config,
  { log, metrics }: { log: InvocationLog; metrics: Metrics },
) {
  const exporter = otlpEndpoint === undefined ? undefined : startExporter(otlpEndpoint, log);
  const tracedFetch = createTracedFetch({
    fetch,
    findOrigin: log.findOrigin,
    record: exporter?.record,
    now,
  });
  return { log, metrics, fetch: tracedFetch, exporter };
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
