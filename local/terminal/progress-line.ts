import { styleText } from 'node:util';
import type { Screen } from './printer.ts';

/** One line that says what goes on, written over by the next. */
interface ProgressLine {
  readonly show: (text: string) => void;
  readonly clear: () => void;
}

/**
 * On a terminal the line is written over; elsewhere nothing is printed, since it could not be taken
 * back.
 */
export function createProgressLine({ write }: Screen, isTty: boolean): ProgressLine {
  if (!isTty) return { show: () => undefined, clear: () => undefined };
  const clear = () => write(`\r${ERASE_LINE}`);
  return {
    show: (text) => {
      clear();
      write(styleText('dim', text));
    },
    clear,
  };
}

const ERASE_LINE = '\u001b[2K';
