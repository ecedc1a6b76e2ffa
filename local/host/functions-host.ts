import { resolve } from 'node:path';
import type { FunctionInfo } from './admin-api.ts';
import { createApp } from './app.ts';
import { withConsoleInLog } from './console.ts';
import { readHostJson } from './host-json.ts';
import { describeError, type HostLogEntry, logHost } from './host-log.ts';
import { startHttpServer } from './http/http-server.ts';
import { applySettings, type Settings } from './settings.ts';
import { createCoreModule, type WorkerLog } from './worker/core-module.ts';
import { loadApp } from './worker/load-app.ts';

/** What to run and how. */
export interface HostOptions {
  /** The folder with host.json and package.json. */
  readonly appRoot: string;
  /** App settings; they are in `process.env` while the host runs. */
  readonly settings: Settings;
  /** A free port when 0 or absent. */
  readonly port?: number;
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
  /** Runs a timer now; resolves when it has finished and rejects with its error. */
  readonly runFunction: (name: string) => Promise<void>;
  /** Processes queue messages until none is visible now and none is in flight. */
  readonly drainQueues: () => Promise<void>;
  /** Stops accepting, finishes what is in flight, runs `appTerminate` hooks, restores the process. */
  readonly stop: () => Promise<void>;
}

/** Loads the app into this process and runs it as the Functions host and its Node worker would. */
export async function startFunctionsHost(options: HostOptions): Promise<FunctionsHost> {
  const log = options.log ?? (() => undefined);
  const appRoot = resolve(options.appRoot);
  const core = createCoreModule((entry) => log(toHostLogEntry(entry)));
  const undo = [applySettings(options.settings)];
  const cleanUp = () => {
    for (const step of undo.splice(0).reverse()) step();
  };
  try {
    const hostJson = await readHostJson(appRoot);
    undo.push(await loadApp(appRoot, core));
    const app = createApp({ core, hostJson, settings: options.settings, log });
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
    return { url: server.url, functions, runFunction, drainQueues, stop: stopOnce };
  } catch (error) {
    cleanUp();
    throw error;
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
