import { styleText } from 'node:util';
import { toColumns } from './table.ts';

/** How the sync of a customer stands at the end. */
export interface SyncRow {
  readonly name: string;
  readonly source: string;
  readonly incidents: number;
  readonly completeUpTo: string;
  readonly dataAgeSeconds: number;
  readonly calls: number;
}

const HEADINGS = [
  'Customer',
  'Source',
  'Incidents',
  'Complete up to',
  'Data age',
  'Calls',
] as const;

/** The table of syncs: a line each. */
export function formatSyncTable(rows: readonly SyncRow[]): string {
  const [head = '', ...lines] = toColumns([HEADINGS, ...rows.map(toCells)]);
  return `${[styleText('bold', head), ...lines].join('\n')}\n`;
}

function toCells({ name, source, incidents, completeUpTo, dataAgeSeconds, calls }: SyncRow) {
  const upTo = completeUpTo.slice(0, 19);
  return [name, source, String(incidents), upTo, `${dataAgeSeconds} s`, String(calls)];
}
