import { stripVTControlCharacters, styleText } from 'node:util';
import { formatDuration } from '../demo/progress.ts';
import type { Drill } from './drill.ts';
import type { Outcome, Watcher } from './run-drills.ts';

/** Where the report goes. */
export interface Screen {
  readonly write: (text: string) => void;
  /** A terminal, on which a line can be written over. */
  readonly isTty: boolean;
}

/** Shows one line per drill: on a terminal from its beginning, elsewhere when it has ended. */
export function createWatcher({ write, isTty }: Screen, count: number): Watcher {
  const toLine = ({ name }: Drill, number: number) =>
    `${`${number}/${count}`.padStart(7)}  ${name} …`;
  return {
    begin: (drill, number) => {
      if (isTty) write(toLine(drill, number));
    },
    end: ({ drill, failure, ms }, number) => {
      const time = styleText('dim', `(${formatDuration(ms)})`);
      const line = `${toLine(drill, number)} ${toVerdict(failure)} ${time}`;
      write(`${isTty ? '\r' : ''}${line}\n`);
      if (failure !== undefined) write(`         ${failure}\n`);
    },
  };
}

/** The table at the end: what was done, what must hold, and whether it did. */
export function formatOutcomes(outcomes: readonly Outcome[]): string {
  const rows = outcomes.map(({ drill, failure, ms }) => [
    drill.name,
    drill.situation,
    drill.promise,
    toVerdict(failure),
    formatDuration(ms),
  ]);
  return formatRows([['drill', 'what is done', 'what must hold', 'result', 'time'], ...rows]);
}

/** The table of `--list`. */
export function formatDrills(drills: readonly Drill[]): string {
  const rows = drills.map(({ name, situation, promise }) => [name, situation, promise]);
  return formatRows([['drill', 'what is done', 'what must hold'], ...rows]);
}

/** Columns of text are wrapped at this width. */
const WIDEST = 46;

function formatRows([headings = [], ...rows]: readonly (readonly string[])[]): string {
  const cells = [headings, ...rows].map((row) => row.map(wrap));
  const widths = headings.map((_, column) =>
    Math.max(...cells.flatMap((row) => row[column] ?? []).map(widthOf)),
  );
  const [head = [], ...body] = cells.map((row) => toLines(row, widths));
  return `${[...head.map((line) => styleText('bold', line)), ...body.flat()].join('\n')}\n`;
}

function toLines(row: readonly (readonly string[])[], widths: readonly number[]): string[] {
  const height = Math.max(...row.map((lines) => lines.length));
  return Array.from({ length: height }, (_, at) =>
    `  ${row.map((lines, column) => pad(lines[at] ?? '', widths[column] ?? 0)).join('  ')}`.trimEnd(),
  );
}

function wrap(text: string): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const longer = `${lines.at(-1)} ${word}`;
    if (lines.length > 0 && widthOf(longer) <= WIDEST) lines.splice(-1, 1, longer);
    else lines.push(word);
  }
  return lines;
}

function pad(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)));
}

function widthOf(text: string): number {
  return stripVTControlCharacters(text).length;
}

function toVerdict(failure: string | undefined): string {
  return failure === undefined ? styleText('green', 'pass') : styleText(['red', 'bold'], 'FAIL');
}
