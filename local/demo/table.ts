import { styleText } from 'node:util';
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

const HEADINGS = ['Customer', 'Tenant id', 'Status', 'Token', 'Left', 'Incidents'] as const;

/** The table of customers: a line each, and one below with roles and a note; fits 100 columns. */
export function formatTable(rows: readonly Row[]): string {
  const cells = rows.map(toCells);
  const widths = HEADINGS.map((heading, column) =>
    Math.max(heading.length, ...cells.map((row) => row[column]?.length ?? 0)),
  );
  const toLine = (row: readonly string[]) =>
    `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd();
  const indent = ' '.repeat(4 + (widths[0] ?? 0));
  const lines = rows.flatMap((row, index) => [
    toLine(cells[index] ?? []),
    `${indent}${styleText('dim', `${row.roles.join(', ')}; ${row.note}`)}`,
  ]);
  return `${[styleText('bold', toLine(HEADINGS)), ...lines].join('\n')}\n`;
}

function toCells({ name, tenantId, status, tokenHash, secondsLeft, incidents }: Row) {
  return [name, tenantId, status, toShort(tokenHash), `${secondsLeft} s`, String(incidents)];
}
