/** How often to look whether the shell that npm started us in is still there. */
const PARENT_INTERVAL_MS = 500;

/** Codes of processes that a signal ended: 128 and its number. */
const EXIT_CODES: Readonly<Record<string, number>> = { SIGINT: 130, SIGTERM: 143 };

/**
 * Aborts at the first Ctrl+C or SIGTERM, and when nobody reads the output any more; a second Ctrl+C
 * ends the process at once. When npm is ended by SIGTERM, only its shell hears of it: this process
 * then gets another parent, which counts as SIGTERM, too.
 */
export function listenForTheEnd(): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.once(name, () => controller.abort(name));
  }
  process.stdout.on('error', () => controller.abort('closed output'));
  if (process.env.npm_lifecycle_event !== undefined) watchParent(() => controller.abort('SIGTERM'));
  return controller.signal;
}

/** The exit code of a process that ended because of this signal. */
export function exitCodeOf({ reason }: AbortSignal): number {
  return EXIT_CODES[String(reason)] ?? 1;
}

/** Resolves when the signal aborts. */
export function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

function watchParent(onOrphaned: () => void): void {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    onOrphaned();
  }, PARENT_INTERVAL_MS);
  timer.unref();
}
