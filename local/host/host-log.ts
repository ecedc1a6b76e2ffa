import type { LogLevel } from './worker/contract.ts';

/** One line of the host or the worker; `time` is epoch milliseconds. */
export interface HostLogEntry {
  readonly time: number;
  readonly level: LogLevel;
  /** `Host`, `Function.<name>` for the host's own lines, `Function.<name>.User` for the app's. */
  readonly category: string;
  readonly functionName?: string;
  readonly invocationId?: string;
  readonly message: string;
}

/** Receives every log line. */
export type HostLog = (entry: HostLogEntry) => void;

/** Writes a line of the host itself. */
export function logHost(log: HostLog, level: LogLevel, message: string): void {
  log({ time: Date.now(), level, category: 'Host', message });
}

/** What to print of something thrown: the stack with its causes where there is one. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const own = error.stack ?? error.message;
  return error.cause === undefined ? own : `${own}\n[cause] ${describeError(error.cause)}`;
}
