import { toCellText } from '../shared/spreadsheet.ts';

/**
 * Reads a table that was pasted: comma, semicolon or tab between the cells, quotation marks around
 * cells that hold one of them (RFC 4180). Spreadsheets paste tabs; a German one exports semicolons.
 */
export function parseTable(text: string): readonly (readonly string[])[] {
  const separator = findSeparator(text);
  const other = `[^${separator}\n]*`;
  const cell = new RegExp(`[ ]*"((?:[^"]|"")*)"${other}|${other}`, 'y');
  const source = text.replaceAll('\r', '');
  const rows: string[][] = [[]];
  for (let at = 0; at <= source.length; at += 1) {
    cell.lastIndex = at;
    const [plain = '', quoted] = cell.exec(source) ?? [];
    rows.at(-1)?.push((quoted?.replaceAll('""', '"') ?? plain).trim());
    at += plain.length;
    if (source[at] === '\n') rows.push([]);
  }
  return rows.filter((row) => row.some((value) => value !== ''));
}

/**
 * Spreadsheets paste tabs, which stand in no text; otherwise what stands more often in the first
 * line.
 */
function findSeparator(text: string): string {
  const [line = ''] = text.trimStart().split('\n', 1);
  const count = (separator: string) => line.split(separator).length;
  if (line.includes('\t')) return '\t';
  return count(';') > 1 && count(';') >= count(',') ? ';' : ',';
}

/** Writes a table; a cell that a spreadsheet would run as a formula is made text (CWE-1236). */
export function toCsv(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => `${row.map(toCell).join(',')}\r\n`).join('');
}

function toCell(text: string): string {
  const safe = toCellText(text);
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
