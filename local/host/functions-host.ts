import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import type { FunctionInfo } from './admin-api.ts';
import { type App, createApp } from './app.ts';
import { withConsoleInLog } from './console.ts';
import { createHaltedApp } from './halted-app.ts';
import { HostJsonError, readHostJson } from './host-json.ts';
import { describeError, type HostLog, type HostLogEntry, logHost } from './host-log.ts';
import { startHttpServer } from './http/http-server.ts';
import { applySettings, type Settings } from './settings.ts';
import { type CoreModule, createCoreModule, type WorkerLog } from './worker/core-module.ts';
import { loadApp } from './worker/load-app.ts';

/** What to run and how. */
export interface HostOptions {
  /** The folder with host.json and package.json. */
  readonly appRoot: string;
  /** App settings; they are in `process.env` while the host runs. */
  readonly settings: Settings;
  /** A free port when 0 or absent. */
  readonly port?: number;
  /** Opens the admin API and functions that want a key; a random one when absent. */
  readonly masterKey?: string;
  /** Receives every line of the host and the app. */
  readonly log?: (entry: HostLogEntry) => void;
  /** `false` keeps timers from firing by themselves; they still run through `runFunction`. */
  readonly timers?: boolean;
}

/** A running Functions host. One runs per process at a time, as one worker does. */
export interface FunctionsHost {
  /** `http://127.0.0.1:<port>`. */
  readonly url: string;
  readonly functions: readonly FunctionInfo[];
  /** Why the host answers 503 to everything: host.json can't be used. Empty when the app runs. */
  readonly errors: readonly string[];
  /** Runs a timer now; resolves when it has finished and rejects with its error. */
  readonly runFunction: (name: string) => Promise<void>;
  /** Processes queue messages until none is visible now and none is in flight. */
  readonly drainQueues: () => Promise<void>;
  /**
   * Stops accepting, finishes what is in flight, runs `appTerminate` hooks, restores the process.
   */
  readonly stop: () => Promise<void>;
}

/**
 * Loads the app into this process and runs it as the Functions host and its Node worker would. What
 * it does not do: end or replace a worker, so `process.exit` of the app ends this process and
 * `functionTimeout` stops nothing.
 */
export async function startFunctionsHost(options: HostOptions): Promise<FunctionsHost> {
  const log = options.log ?? (() => undefined);
  const core = createCoreModule((entry) => log(toHostLogEntry(entry)));
  const undo = [applySettings(options.settings)];
  const cleanUp = () => {
    for (const step of undo.splice(0).reverse()) step();
  };
  try {
    const { app, errors } = await openApp(options, { core, undo, log });
    const server = await startHttpServer({
      answer: app.answer,
      port: options.port ?? 0,
      onError: (error) => logHost(log, 'error', `No response was sent: ${describeError(error)}`),
    });
    app.start(options.timers ?? true);
    logHost(log, 'information', `Host started at ${server.url}`);
    const stop = async () => {
      await Promise.all([server.stop(), app.stop()]);
      const { hooks, appHookData } = core;
      const terminate = () => hooks.run('appTerminate', { hookData: {}, appHookData });
      await withConsoleInLog(log, terminate).finally(cleanUp);
      logHost(log, 'information', 'Host stopped');
    };
    let stopped: Promise<void> | undefined;
    const stopOnce = () => {
      stopped ??= stop();
      return stopped;
    };
    const { functions, runFunction, drainQueues } = app;
    return { url: server.url, functions, errors, runFunction, drainQueues, stop: stopOnce };
  } catch (error) {
    cleanUp();
    throw error;
  }
}

interface OpenParts {
  readonly core: CoreModule;
  /** Receives what undoes the loading. */
  readonly undo: (() => void)[];
  readonly log: HostLog;
}

async function openApp(
  { masterKey = randomUUID(), settings, ...options }: HostOptions,
  { core, undo, log }: OpenParts,
): Promise<{ readonly app: App; readonly errors: readonly string[] }> {
  const appRoot = resolve(options.appRoot);
  try {
    const hostJson = await readHostJson(appRoot);
    undo.push(await loadApp(appRoot, core));
    return { app: createApp({ core, hostJson, settings, masterKey, log }), errors: [] };
  } catch (error) {
    if (!(error instanceof HostJsonError)) throw error;
    logHost(log, 'error', `The host can't start: ${error.message}`);
    const errors = [error.message];
    return { app: createHaltedApp({ errors, masterKey }), errors };
  }
}

function toHostLogEntry(entry: WorkerLog): HostLogEntry {
  const { level, message, functionName, invocationId } = entry;
  const origin = functionName === undefined ? 'Host.Worker' : `Function.${functionName}`;
  return {
    time: Date.now(),
    level,
    category: entry.category === 'user' ? `${origin}.User` : origin,
    message,
    ...(functionName !== undefined && { functionName }),
    ...(invocationId !== undefined && { invocationId }),
  };
}
