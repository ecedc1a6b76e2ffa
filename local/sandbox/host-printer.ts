import { styleText } from 'node:util';
import type { HostLogEntry } from '../host/host-log.ts';

const STYLES = { error: 'red', critical: 'red', warning: 'yellow' } as const;

/** Prints what the host and the app log, one line each; quiet leaves out what is only information. */
export function createHostPrinter(quiet: boolean): (entry: HostLogEntry) => void {
  return ({ level, category, message }) => {
    const style = level in STYLES ? STYLES[level as keyof typeof STYLES] : undefined;
    if (quiet && !style) return;
    const time = new Date().toISOString().slice(11, 19);
    const line = `${time} ${category.padEnd(26)} ${message}`;
    process.stdout.write(`${style ? styleText(style, line) : styleText('dim', line)}\n`);
  };
}
