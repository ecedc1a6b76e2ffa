import { styleText } from 'node:util';
import { toColumns } from './table.ts';

/** What a hunt came to at a customer. */
export interface HuntRow {
  readonly name: string;
  readonly verdict: string;
  readonly rows: number;
  readonly calls: number;
  /** `undefined`: it goes on. */
  readonly durationMs: number | undefined;
  /** Who has to act; `undefined`: nobody. */
  readonly owner: string | undefined;
}

const HEADINGS = ['Customer', 'Hunt', 'Rows', 'Calls', 'Time', 'Who acts'] as const;

/** Names are other people's: they may be of any length. */
const MAX_NAME_LENGTH = 24;

/** The table of a hunt: a line each, in 80 columns. */
export function formatHuntTable(rows: readonly HuntRow[]): string {
  const [head = '', ...lines] = toColumns([HEADINGS, ...rows.map(toCells)]);
  return `${[styleText('bold', head), ...lines].join('\n')}\n`;
}

function toCells({ name, verdict, rows, calls, durationMs, owner = '' }: HuntRow) {
  const time = durationMs === undefined ? '' : `${durationMs} ms`;
  return [name.slice(0, MAX_NAME_LENGTH), verdict, String(rows), String(calls), time, owner];
}
