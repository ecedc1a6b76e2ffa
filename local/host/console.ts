import type { HostLog } from './host-log.ts';

const LEVELS = { info: 'information', warn: 'warning', error: 'error' } as const;

const METHODS = ['info', 'warn', 'error'] as const;

/**
 * Runs what the app does outside of invocations; as the real host does, takes what it prints into
 * the log.
 */
export async function withConsoleInLog<T>(log: HostLog, work: () => Promise<T>): Promise<T> {
  const before = METHODS.map((name) => [name, console[name]] as const);
  for (const name of METHODS) {
    const level = LEVELS[name];
    console[name] = (message: unknown) =>
      log({
        time: Date.now(),
        level,
        category: 'Host.Function.Console',
        message: String(message),
      });
  }
  try {
    return await work();
  } finally {
    for (const [name, print] of before) console[name] = print;
  }
}
