import { createAdminApi, type FunctionInfo } from './admin-api.ts';
import type { HostJson } from './host-json.ts';
import { type HostLog, logHost } from './host-log.ts';
import type { Answer } from './http/http-server.ts';
import { createHttpTrigger } from './http/http-trigger.ts';
import { createQueueTrigger } from './queue/queue-trigger.ts';
import { SettingMissing, type Settings } from './settings.ts';
import { createTimerTrigger } from './timer-trigger.ts';
import { parseTrigger, type TriggeredFunction } from './triggers.ts';
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
export interface AppOptions {
  readonly core: CoreModule;
  readonly hostJson: HostJson;
  readonly settings: Settings;
  readonly log: HostLog;
}

/**
 * Gives every registered function its trigger; throws where a function cannot have one. Where only a setting is
 * missing, the function is left out, as the real host does.
 */
export function createApp({ core, hostJson, settings, log }: AppOptions): App {
  const { routePrefix, queues: queueOptions } = hostJson;
  const invoke = createInvoke(core, log);
  const functions = parseTriggers({ core, settings, log });
  const infos = functions.map((fn) => toInfo(fn, routePrefix));
  const timers = new Map(
    functions
      .filter((fn) => fn.type === 'timerTrigger')
      .map((fn) => [fn.name, createTimerTrigger(fn, invoke)]),
  );
  const queues = functions
    .filter((fn) => fn.type === 'queueTrigger')
    .map((fn) => createQueueTrigger(fn, { settings, queues: queueOptions, invoke, log }));
  const findRun = (name: string) => timers.get(name)?.run ?? findQueueRun(functions, name, invoke);
  return {
    functions: infos,
    answer: createHttpTrigger({
      functions: functions.filter((fn) => fn.type === 'httpTrigger'),
      routePrefix,
      invoke,
      answerAdmin: createAdminApi({ functions: infos, findRun }),
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

function parseTriggers({ core, settings, log }: Omit<AppOptions, 'hostJson'>) {
  return [...core.functions.values()].flatMap((fn) => {
    try {
      return [parseTrigger(fn, settings)];
    } catch (error) {
      if (!(error instanceof SettingMissing)) throw error;
      const { name } = fn.metadata;
      logHost(log, 'error', `The '${name}' function is in error: ${error.message}`);
      return [];
    }
  });
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
