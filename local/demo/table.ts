import { styleText } from 'node:util';
import { wrapText } from '../terminal/wrap-text.ts';
import { toShort } from './chapters/tokens.ts';

/** How a customer stands at the end. */
export interface Row {
  readonly name: string;
  readonly tenantId: string;
  readonly status: string;
  readonly tokenHash: string;
  readonly secondsLeft: number;
  readonly incidents: number;
  readonly roles: readonly string[];
  readonly note: string;
}

const HEADINGS = ['Customer', 'Status', 'Token', 'Left', 'Incidents'] as const;

const WIDTH = 80;

/**
 * The table of customers: a line each, and below it its id, a note and its roles; fits 80 columns.
 */
export function formatTable(rows: readonly Row[]): string {
  const [head = '', ...lines] = toColumns([HEADINGS, ...rows.map(toCells)]);
  const indent = ' '.repeat(4 + Math.max(...rows.map(({ name }) => name.length), 8));
  const all = rows.flatMap(({ tenantId, roles, note }, index) => {
    const details = [tenantId, note, ...wrapText(roles.join(', '), WIDTH - indent.length)];
    return [lines[index] ?? '', ...details.map((text) => `${indent}${styleText('dim', text)}`)];
  });
  return `${[styleText('bold', head), ...all].join('\n')}\n`;
}

/** Lines whose cells stand below each other. */
export function toColumns(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  return rows.map((row) =>
    `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd(),
  );
}

function toCells({ name, status, tokenHash, secondsLeft, incidents }: Row) {
  return [name, status, toShort(tokenHash), `${secondsLeft} s`, String(incidents)];
}
