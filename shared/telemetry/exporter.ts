import type { MetricReading } from './meter.ts';
import type { RecordSpan } from './span.ts';

/**
 * Takes spans and metrics out of the process; a collector that does not answer is nobody's trouble.
 */
export interface Exporter {
  readonly record: RecordSpan;
  /** Adds what was taken from the meter. */
  add(readings: readonly MetricReading[]): void;
  /** Sends what there is; never rejects. */
  flush(): Promise<void>;
}
