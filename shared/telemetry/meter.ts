import {
  type Attributes,
  type CounterName,
  type GaugeName,
  type Metrics,
  PEAKS,
} from './metrics.ts';

/** What one metric came to since it was last taken. */
export interface MetricReading {
  readonly name: CounterName | GaugeName;
  readonly kind: 'counter' | 'gauge';
  readonly attributes: Attributes;
  readonly value: number;
}

/** Metrics of one process. */
export interface Meter extends Metrics {
  /** What changed since the last call. */
  take(): readonly MetricReading[];
}

interface Cell extends Omit<MetricReading, 'value'> {
  value: number | undefined;
}

/** More than all metrics with all their splits: a mistake must not fill the memory. */
const MAX_SERIES = 500;

/** Creates the metrics of one process: numbers in memory until somebody takes them. */
export function createMeter(): Meter {
  const cells = new Map<string, Cell>();

  const cellOf = (kind: Cell['kind'], name: Cell['name'], attributes: Attributes): Cell => {
    const key = [name, ...Object.values(attributes)].join('|');
    const known = cells.get(key);
    if (known) return known;
    const cell: Cell = { name, kind, attributes, value: undefined };
    if (cells.size < MAX_SERIES) cells.set(key, cell);
    return cell;
  };

  return {
    count(name, attributes, by = 1) {
      if (by === 0) return;
      const cell = cellOf('counter', name, attributes);
      cell.value = (cell.value ?? 0) + by;
    },
    counter(name, attributes) {
      const cell = cellOf('counter', name, attributes);
      return () => {
        cell.value = (cell.value ?? 0) + 1;
      };
    },
    gauge(name, value, attributes) {
      const cell = cellOf('gauge', name, attributes);
      cell.value = PEAKS.has(name) ? Math.max(cell.value ?? value, value) : value;
    },
    take() {
      const changed = [...cells.values()].flatMap(({ value, ...rest }) =>
        value === undefined ? [] : [{ ...rest, value }],
      );
      for (const cell of cells.values()) cell.value = undefined;
      return changed;
    },
  };
}
