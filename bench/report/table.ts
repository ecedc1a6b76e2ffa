import { styleText } from 'node:util';
import { formatBar, formatFigure, formatRatio, isHeld, type Row } from './row.ts';

const HEADER = ['', 'measured', 'beside it, in the same run', 'ratio', 'bar', 'holds'];

/** The rows of one section as text in columns. */
export function toTable(rows: readonly Row[]): string {
  const lines = [HEADER, ...rows.map((row) => toCells(row, 'NO'))];
  const widths = HEADER.map((_, column) =>
    Math.max(...lines.map((cells) => cells[column]?.length ?? 0)),
  );
  return lines
    .map((cells) => cells.map((cell, column) => pad(cell, column, widths)).join('  '))
    .map((line, index) => style(line, rows[index - 1]))
    .join('\n');
}

/** What a table says of a row; `no`: how it says that the bar does not hold. */
export function toCells(row: Row, no: string): readonly string[] {
  const held = isHeld(row);
  return [
    row.what,
    formatFigure(row.measured),
    `${row.against.name}: ${formatFigure(row.against)}`,
    row.ratio === undefined ? '' : formatRatio(row.ratio),
    formatBar(row),
    held === undefined ? '' : held ? 'yes' : no,
  ];
}

function pad(cell: string, column: number, widths: readonly number[]): string {
  const width = widths[column] ?? 0;
  return column === 1 || column === 3 ? cell.padStart(width) : cell.padEnd(width);
}

function style(line: string, row: Row | undefined): string {
  if (!row) return styleText('dim', line);
  return isHeld(row) === false ? styleText('red', line) : line;
}
