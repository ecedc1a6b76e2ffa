import { app, type HttpHandler, HttpResponse } from '@azure/functions';
import { readConfig } from '../shared/config.ts';
import { createMeter } from '../shared/telemetry/meter.ts';
import { createApiHandler } from './api.ts';
import { withBytes } from './as-bytes.ts';
import { type Core, composeCore } from './compose/core.ts';
import { createLoadOnce } from './compose/load-once.ts';
import { limitMemory } from './limit-memory.ts';
import { createInvocationLog } from './log.ts';
import { createObserve } from './observe.ts';
import { REGISTRATIONS } from './registrations.ts';
import { withSecurityHeaders } from './security-headers.ts';
import { issueToken } from './tokens/issue-token.ts';

limitMemory(process.env, process.execArgv);

const log = createInvocationLog();
const meter = createMeter();
const observe = createObserve({
  log,
  meter,
  now: Date.now,
  findExporter: () => core?.services.exporter,
  findRecorder: () => core?.services.recordChanges,
  findRefusals: () => core?.services.refusals,
});

let core: Core | undefined;
const getCore = (): Core => {
  core ??= composeCore(readConfig(process.env), {
    log,
    metrics: meter,
    getConsentUrl: async (tenant) => (await loadDeferred()).getServices().getConsentUrl(tenant),
  });
  return core;
};

const loadDeferred = createLoadOnce(async () => {
  const { createDeferred } = await import('./deferred.ts');
  return createDeferred({ getCore, log });
});

/** What the entry answers without the chunk of all other functions. */
const ENTRY_HANDLERS: Readonly<Record<string, HttpHandler>> = {
  [issueToken.id]: createApiHandler(issueToken, { getServices: () => getCore().services, log }),
};

for (const { id, methods, path } of REGISTRATIONS.routes) {
  const [method = 'GET'] = methods;
  const secured = withSecurityHeaders(ENTRY_HANDLERS[id] ?? defer(id), log);
  const observed = observe.http({ name: id, method, route: path }, secured);
  // Functions keys are not used: every route checks for itself who calls.
  app.http(id, {
    methods: [...methods],
    route: path,
    authLevel: 'anonymous',
    handler: withBytes(observed, (init) => new HttpResponse(init)),
  });
}

for (const { id, schedule } of REGISTRATIONS.timers) {
  app.timer(id, {
    schedule,
    handler: ({ scheduleStatus }, context) =>
      observe.run({ name: id, kind: 'timer' }, context, async () => {
        const { getServices, timers } = await loadDeferred();
        await find(timers, id)(getServices());
        await getServices().noteTimerRun(id, toNextRun(scheduleStatus?.next));
      }),
  });
}

for (const { id, queueName } of REGISTRATIONS.queues) {
  app.storageQueue(id, {
    queueName,
    connection: 'AzureWebJobsStorage',
    handler: (sealed, context) =>
      observe.run({ name: id, kind: 'queue' }, context, async () => {
        const { getServices, queues } = await loadDeferred();
        const message = await getServices().openMessage(queueName, sealed);
        if (message !== undefined) await find(queues, id)(getServices(), message);
      }),
  });
}

app.hook.appStart(warmUp);
app.hook.appTerminate(observe.flush);

/**
 * The host goes on starting meanwhile. Without a configuration there is nothing to fetch: every
 * trigger says so.
 */
function warmUp(): void {
  try {
    void getCore().services.warmUp();
  } catch {
    return;
  }
}

/** The handler of a function whose code is loaded when somebody calls it. */
function defer(id: string): HttpHandler {
  return async (request, context) => {
    const { handlers } = await loadDeferred();
    return await find(handlers, id)(request, context);
  };
}

function find<T>(functions: ReadonlyMap<string, T>, id: string): T {
  const found = functions.get(id);
  if (found === undefined) throw new Error(`The chunk lacks the function ${id}.`);
  return found;
}

/**
 * The host names no next run of a schedule that has several a minute: it is a minute off at most.
 */
function toNextRun(next: string | undefined): number {
  const nextAt = Date.parse(next ?? '');
  return Number.isNaN(nextAt) ? Date.now() + 60_000 : nextAt;
}
