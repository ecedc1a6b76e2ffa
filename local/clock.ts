import type { ChildProcess } from 'node:child_process';

/** Arguments of Node.js for a child process whose clock is set by `setClockOf`. */
export const CLOCK_ARGS = ['--import', new URL('clock-preload.ts', import.meta.url).href] as const;

/**
 * The environment variable that says how many milliseconds the clock of such a process is off from
 * its start.
 */
export const CLOCK_VARIABLE = 'LOCAL_CLOCK_OFFSET_MS';

/**
 * Sets the clock of a child process that many milliseconds off the real one, and waits until it is.
 */
export function setClockOf(child: ChildProcess, offsetMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const listen = (message: unknown) => {
      if (!isClock(message) || message.clock !== offsetMs) return;
      leave();
      resolve();
    };
    const end = () => {
      leave();
      reject(new Error('The process ended before its clock was set.'));
    };
    const leave = () => child.off('message', listen).off('exit', end);
    child.on('message', listen).on('exit', end);
    child.send({ clock: offsetMs });
  });
}

/** Whether a message between processes is one that sets a clock. */
export function isClock(message: unknown): message is { readonly clock: number } {
  return (
    typeof message === 'object' &&
    message !== null &&
    'clock' in message &&
    typeof message.clock === 'number'
  );
}

/** Gives this process a clock that can be set off the real one; timers still run in real time. */
export function installClock(): (offsetMs: number) => void {
  const RealDate = Date;
  let offset = 0;
  const now = () => RealDate.now() + offset;
  globalThis.Date = new Proxy(RealDate, {
    get: (target, key) => (key === 'now' ? now : Reflect.get(target, key)),
    construct: (target, given, type) =>
      Reflect.construct(target, given.length === 0 ? [now()] : given, type),
  });
  return (offsetMs) => {
    offset = offsetMs;
  };
}
