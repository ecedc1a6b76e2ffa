import { styleText } from 'node:util';
import type { HostLogEntry } from '../host/host-log.ts';
import type { Sentence } from './event-sentences.ts';
import { wrapText } from './wrap-text.ts';

/** Where lines go. */
export interface Screen {
  readonly write: (text: string) => void;
  /** In characters. */
  readonly width: number;
}

const MARKS = { good: ['green', '✓'], plain: ['cyan', '·'], bad: ['yellow', '!'] } as const;
const STYLES = { error: 'red', critical: 'red', warning: 'yellow' } as const;

/** Prints a sentence with the time; what is too long for a line goes on below its beginning. */
export function printSentence({ write, width }: Screen, { tone, text }: Sentence): void {
  const [colour, mark] = MARKS[tone];
  const [first = '', ...rest] = wrapText(text, width - INDENT);
  write(`  ${styleText('dim', toTime(Date.now()))} ${styleText(colour, mark)} ${first}\n`);
  for (const line of rest) write(`${' '.repeat(INDENT)}${line}\n`);
}

/** Prints a line of the host's log as it is. */
export function printEntry({ write }: Screen, { time, level, category, message }: HostLogEntry) {
  const style = level in STYLES ? STYLES[level as keyof typeof STYLES] : 'dim';
  write(`${styleText(style, `${toTime(time)} ${category.padEnd(26)} ${message}`)}\n`);
}

/** Two spaces, the time, the mark and the spaces between. */
const INDENT = '  00:00:00 ✓ '.length;

function toTime(time: number): string {
  return new Date(time).toTimeString().slice(0, 8);
}
