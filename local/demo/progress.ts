import { styleText } from 'node:util';
import { wrapText } from '../terminal/wrap-text.ts';

/** What a step says besides that it is done. */
export interface Notes {
  /** A result, printed below the finished step. */
  readonly note: (text: string) => void;
  /** Something that happens meanwhile, printed at once. */
  readonly report: (text: string) => void;
}

/** Runs one step of the story and shows how it goes. */
export type Step = <Result>(
  title: string,
  run: (notes: Notes) => Promise<Result>,
) => Promise<Result>;

/** Where the progress goes. */
export interface Screen {
  readonly write: (text: string) => void;
  readonly signal: AbortSignal;
}

const INDENT = '       ';
const WIDTH = 80;

/** Creates the steps of a story of `count` steps: `1/9 Title … done (34 ms)`. */
export function createProgress({ write, signal }: Screen, count: number): Step {
  let number = 0;

  return async (title, run) => {
    number += 1;
    write(`${`${number}/${count}`.padStart(5)}  ${title} …`);
    const startedAt = performance.now();
    const notes: string[] = [];
    let isLineOpen = true;
    const report = (text: string) => {
      write(`${isLineOpen ? '\n' : ''}${toLines(text)}`);
      isLineOpen = false;
    };
    const end = (text: string) => write(`${isLineOpen ? ' ' : INDENT}${text}\n`);
    try {
      const result = await run({ note: (text) => notes.push(text), report });
      const time = styleText('dim', `(${formatDuration(performance.now() - startedAt)})`);
      end(`${styleText('green', 'done')} ${time}`);
      for (const text of notes) write(toLines(text));
      return result;
    } catch (error) {
      end(signal.aborted ? styleText('yellow', 'stopped') : styleText('red', 'failed'));
      throw error;
    }
  };
}

function toLines(text: string): string {
  return wrapText(text, WIDTH - INDENT.length)
    .map((line) => `${INDENT}${styleText('dim', line)}\n`)
    .join('');
}

/** `34 ms` or `5.2 s`. */
export function formatDuration(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}
