import { createAdminApi, type FunctionInfo } from './admin-api.ts';
import type { HostJson } from './host-json.ts';
import { type HostLog, logHost } from './host-log.ts';
import type { Answer } from './http/http-server.ts';
import { createHttpTrigger } from './http/http-trigger.ts';
import { createHasKey } from './http/keys.ts';
import { assertRoutable } from './http/reserved-routes.ts';
import { compareNames } from './http/route-table.ts';
import { createQueueTrigger, type QueueTrigger } from './queue/queue-trigger.ts';
import type { Settings } from './settings.ts';
import { createTimerTrigger, type TimerTrigger } from './timer-trigger.ts';
import { type HttpFunction, parseTrigger, type TriggeredFunction } from './triggers.ts';
import type { RegisteredFunction } from './worker/contract.ts';
import type { CoreModule } from './worker/core-module.ts';
import { createInvoke, type Invoke } from './worker/invoke.ts';

/** The loaded app with its triggers. */
export interface App {
  readonly functions: readonly FunctionInfo[];
  readonly answer: Answer;
  readonly runFunction: (name: string) => Promise<void>;
  readonly drainQueues: () => Promise<void>;
  readonly start: (withTimers: boolean) => void;
  readonly stop: () => Promise<void>;
}

/** What the triggers are made from. */
interface AppOptions {
  readonly core: CoreModule;
  readonly hostJson: HostJson;
  readonly settings: Settings;
  readonly masterKey: string;
  readonly log: HostLog;
}

/**
 * Gives every registered function its trigger; one that can't have it is in error, and the others
 * run.
 */
export function createApp(options: AppOptions): App {
  const { settings, hostJson } = options;
  const invoke = createInvoke(options.core, options.log);
  const { functions, http, timers, queues } = sortFunctions(options, invoke);
  const infos = functions.map((fn) => toInfo(fn, hostJson.routePrefix));
  const findRun = (name: string) => timers.get(name)?.run ?? findQueueRun(functions, name, invoke);
  const hasKey = createHasKey(options.masterKey);
  return {
    functions: infos,
    answer: createHttpTrigger({
      functions: http,
      routePrefix: hostJson.routePrefix,
      invoke,
      hasKey,
      isHomepageDisabled: settings.AzureWebJobsDisableHomepage?.toLowerCase() === 'true',
      answerOwn: createAdminApi({ functions: infos, hasKey, findRun, errors: [] }),
    }),
    runFunction: async (name) => {
      const timer = timers.get(name);
      if (!timer) throw new Error(`There is no timer named '${name}'.`);
      await timer.run();
    },
    // Again after a round with messages: a handler may have filled a queue already drained.
    drainQueues: async () => {
      let counts: readonly number[];
      do counts = await Promise.all(queues.map((queue) => queue.drain()));
      while (counts.some((count) => count > 0));
    },
    start: (withTimers) => {
      for (const queue of queues) queue.start();
      if (withTimers) for (const timer of timers.values()) timer.start();
    },
    stop: async () => {
      await Promise.all([...timers.values(), ...queues].map((trigger) => trigger.stop()));
    },
  };
}

interface SortedFunctions {
  readonly functions: TriggeredFunction[];
  readonly http: HttpFunction[];
  readonly timers: Map<string, TimerTrigger>;
  readonly queues: QueueTrigger[];
}

/**
 * The real host looks at functions by name, so of two with one route the later name is in error.
 */
function sortFunctions(options: AppOptions, invoke: Invoke): SortedFunctions {
  const { core, log } = options;
  const sorted: SortedFunctions = { functions: [], http: [], timers: new Map(), queues: [] };
  const registrations = [...core.functions.values()];
  const byName = registrations.toSorted((a, b) => compareNames(a.metadata.name, b.metadata.name));
  for (const registered of byName) {
    try {
      addFunction(sorted, registered, { ...options, invoke });
    } catch (error) {
      const { name } = registered.metadata;
      const reason = error instanceof Error ? error.message : String(error);
      logHost(log, 'error', `The '${name}' function is in error: ${reason}`);
    }
  }
  const position = ({ registered }: TriggeredFunction) => registrations.indexOf(registered);
  sorted.functions.sort((a, b) => position(a) - position(b));
  return sorted;
}

function addFunction(
  { functions, http, timers, queues }: SortedFunctions,
  registered: RegisteredFunction,
  { settings, hostJson, invoke, log }: AppOptions & { readonly invoke: Invoke },
): void {
  const fn = parseTrigger(registered, settings);
  switch (fn.type) {
    case 'httpTrigger':
      assertRoutable(fn, http);
      http.push(fn);
      break;
    case 'timerTrigger':
      timers.set(fn.name, createTimerTrigger(fn, invoke));
      break;
    case 'queueTrigger':
      queues.push(createQueueTrigger(fn, { settings, queues: hostJson.queues, invoke, log }));
      break;
  }
  functions.push(fn);
}

function toInfo(fn: TriggeredFunction, routePrefix: string): FunctionInfo {
  const { name, type } = fn;
  switch (fn.type) {
    case 'httpTrigger': {
      const route = [routePrefix, fn.route].filter(Boolean).join('/');
      return { name, type, route, methods: fn.methods, authLevel: fn.authLevel };
    }
    case 'timerTrigger':
      return { name, type, schedule: fn.schedule };
    case 'queueTrigger':
      return { name, type, queueName: fn.queueName };
  }
}

function findQueueRun(functions: readonly TriggeredFunction[], name: string, invoke: Invoke) {
  const fn = functions.find((candidate) => candidate.name === name);
  if (fn?.type !== 'queueTrigger') return undefined;
  return async (input: string) => {
    await invoke(fn.registered, { data: { string: input } });
  };
}
