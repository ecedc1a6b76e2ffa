import { styleText } from 'node:util';
import { formatDuration } from '../demo/progress.ts';
import { wrapText } from '../terminal/wrap-text.ts';
import type { Drill } from './drill.ts';
import type { DrillOutcome, Watcher } from './run-drills.ts';

/** Where the report goes. */
interface Screen {
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
      const line = `${toLine(drill, number)} ${formatVerdict(failure)} ${time}`;
      write(`${isTty ? '\r' : ''}${line}\n`);
      for (const text of failure === undefined ? [] : wrapText(failure, WIDTH - 9)) {
        write(`         ${text}\n`);
      }
    },
  };
}

/**
 * The table at the end: each drill with its result, and below it what was done and what must hold.
 */
export function formatOutcomes(outcomes: readonly DrillOutcome[]): string {
  const rows = outcomes.map(({ drill, failure, ms }) => {
    const head = `${formatVerdict(failure)}  ${drill.name.padEnd(NAME_WIDTH)}  ${formatDuration(ms)}`;
    return `  ${head}\n${describe(drill, ' '.repeat('  pass  '.length))}`;
  });
  return rows.join('');
}

/** The table of `--list`. */
export function formatDrills(drills: readonly Drill[]): string {
  return drills
    .map((drill) => `  ${styleText('bold', drill.name)}\n${describe(drill, ' '.repeat(4))}`)
    .join('');
}

const WIDTH = 80;
const NAME_WIDTH = 20;

function describe({ situation, promise }: Drill, indent: string): string {
  return wrapText(`${situation}: ${promise}`, WIDTH - indent.length)
    .map((line) => `${indent}${styleText('dim', line)}\n`)
    .join('');
}

function formatVerdict(failure: string | undefined): string {
  return failure === undefined ? styleText('green', 'pass') : styleText(['red', 'bold'], 'FAIL');
}
