import { randomUUID } from 'node:crypto';
import type { Counter, Gauge } from '@opentelemetry/api';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import {
  defaultResource,
  detectResources,
  envDetector,
  type Resource,
  resourceFromAttributes,
} from '@opentelemetry/resources';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { BatchSpanProcessor } from '@opentelemetry/sdk-trace';
import type { Exporter } from '../telemetry/exporter.ts';
import type { MetricReading } from '../telemetry/meter.ts';
import { toReadableSpan } from './readable-span.ts';

/** The end of a timer waits for the collector; it must not wait for one that is gone. */
const TIMEOUT = 2000;

/**
 * Sends spans and metrics to an OpenTelemetry collector (OTLP over HTTP, JSON);
 * `OTEL_EXPORTER_OTLP_HEADERS` go along.
 */
export function createOtlpExporter(endpoint: string): Exporter {
  const resource = toResource();
  const to = (path: string) => ({ url: `${endpoint}/v1/${path}`, timeoutMillis: TIMEOUT });
  const spans = new BatchSpanProcessor({
    exporter: new OTLPTraceExporter(to('traces')),
    exportTimeoutMillis: TIMEOUT,
  });
  const reader = new PeriodicExportingMetricReader({
    exporter: new OTLPMetricExporter(to('metrics')),
    exportTimeoutMillis: TIMEOUT,
  });
  const add = createInstruments(new MeterProvider({ resource, readers: [reader] }));
  return {
    record: (span) => spans.onEnd(toReadableSpan(span, resource)),
    add: (readings) => {
      for (const reading of readings) add(reading);
    },
    flush: async () => {
      await Promise.allSettled([spans.forceFlush(), reader.forceFlush()]);
    },
  };
}

/**
 * Processes count for themselves: each is an instance of its own. `OTEL_RESOURCE_ATTRIBUTES` has
 * the last word.
 */
function toResource(): Resource {
  const own = resourceFromAttributes({
    'service.name': 'defender-partner-broker',
    'service.instance.id': randomUUID(),
  });
  return defaultResource()
    .merge(own)
    .merge(detectResources({ detectors: [envDetector] }));
}

function createInstruments(provider: MeterProvider): (reading: MetricReading) => void {
  const meter = provider.getMeter('broker');
  const counters = new Map<string, Counter>();
  const gauges = new Map<string, Gauge>();
  return ({ name, kind, value, attributes }) => {
    if (kind === 'counter') {
      const counter = counters.get(name) ?? meter.createCounter(name);
      counters.set(name, counter);
      counter.add(value, attributes);
    } else {
      const gauge = gauges.get(name) ?? meter.createGauge(name);
      gauges.set(name, gauge);
      gauge.record(value, attributes);
    }
  };
}
