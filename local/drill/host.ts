import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import * as v from 'valibot';
import { CLOCK_ARGS, CLOCK_VARIABLE, setClockOf } from '../clock.ts';
import { APP_ROOT } from '../sandbox/sandbox.ts';

/** The broker's app in a Functions host that is a process of its own. */
export interface Host {
  readonly url: string;
  /** The app's log lines of one event. */
  readonly events: (event: string) => readonly Readonly<Record<string, unknown>>[];
  readonly runTimer: (name: string) => Promise<void>;
  /** Processes queue messages until none is visible now. */
  readonly drain: () => Promise<void>;
  readonly setClock: (offsetMs: number) => Promise<void>;
  /** SIGSTOP and SIGCONT: the process stands still in the middle of whatever it does. */
  readonly pause: () => void;
  readonly resume: () => Promise<void>;
  /** SIGKILL: nothing is finished, nothing is given back. */
  readonly kill: () => Promise<void>;
}

const readySchema = v.object({ url: v.string() });
const logSchema = v.object({ log: v.string() });
const doneSchema = v.object({ done: v.number(), problem: v.optional(v.string()) });
const eventSchema = v.looseObject({ event: v.string() });

/** Starts the built app in a process whose timers run when they are told to. */
export async function startHost(
  settings: Readonly<Record<string, string>>,
  { port, offsetMs }: { readonly port: number; readonly offsetMs: number },
): Promise<Host> {
  const child = fork(
    join(import.meta.dirname, 'host-process.ts'),
    ['--app', APP_ROOT, '--port', String(port)],
    {
      env: { ...process.env, ...settings, [CLOCK_VARIABLE]: String(offsetMs) },
      execArgv: [...CLOCK_ARGS],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    },
  );
  const end = () => child.kill('SIGKILL');
  process.once('exit', end);
  child.once('exit', () => process.off('exit', end));
  const logs = collectLogs(child);
  const order = createOrders(child);
  return {
    url: await untilReady(child),
    events: (event) => logs.filter((line) => line.event === event),
    runTimer: (timer) => order({ order: 'run', timer }),
    drain: () => order({ order: 'drain' }),
    ...createReins(child),
    kill: () => kill(child),
  };
}

/**
 * A process that stands still can't set its clock: it is set when it goes on, and one that is gone
 * has none.
 */
function createReins(child: ChildProcess): Pick<Host, 'setClock' | 'pause' | 'resume'> {
  let offset = 0;
  let isPaused = false;
  const isGone = () => child.exitCode !== null || child.signalCode !== null;
  return {
    setClock: async (offsetMs) => {
      offset = offsetMs;
      if (!isPaused && !isGone()) await setClockOf(child, offset);
    },
    pause: () => {
      isPaused = child.kill('SIGSTOP');
    },
    resume: async () => {
      child.kill('SIGCONT');
      isPaused = false;
      await setClockOf(child, offset);
    },
  };
}

async function untilReady(child: ChildProcess): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const listen = (message: unknown) => {
    const parsed = v.safeParse(readySchema, message);
    if (parsed.success) resolve(parsed.output.url);
  };
  child.on('message', listen);
  child.once('exit', (code) => reject(new Error(`A broker's process ended with code ${code}.`)));
  return await promise.finally(() => child.off('message', listen));
}

function collectLogs(child: ChildProcess): v.InferOutput<typeof eventSchema>[] {
  const lines: v.InferOutput<typeof eventSchema>[] = [];
  child.on('message', (message) => {
    const parsed = v.safeParse(logSchema, message);
    if (!parsed.success || !parsed.output.log.startsWith('{"event"')) return;
    lines.push(v.parse(eventSchema, JSON.parse(parsed.output.log)));
  });
  return lines;
}

function createOrders(child: ChildProcess): (order: object) => Promise<void> {
  const waiting = new Map<number, (problem: string | undefined) => void>();
  let last = 0;
  child.on('message', (message) => {
    const parsed = v.safeParse(doneSchema, message);
    if (parsed.success) waiting.get(parsed.output.done)?.(parsed.output.problem);
  });
  child.once('exit', () => {
    for (const settle of waiting.values()) settle("The broker's process ended.");
  });
  return (order) =>
    new Promise((resolve, reject) => {
      const id = ++last;
      const settle = (problem: string | undefined) =>
        problem === undefined ? resolve() : reject(new Error(problem));
      waiting.set(id, settle);
      child.send({ ...order, id });
    });
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}
