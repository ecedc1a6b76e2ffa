import { app, type HttpHandler, HttpResponse } from '@azure/functions';
import { createMeter } from '../shared/telemetry/meter.ts';
import { withBytes } from './as-bytes.ts';
import { createLoadOnce } from './compose/load-once.ts';
import type { CoreFunctions } from './core.ts';
import { limitMemory } from './limit-memory.ts';
import { createInvocationLog } from './log.ts';
import { createObserve } from './observe.ts';
import { REGISTRATIONS } from './registrations.ts';
import { withSecurityHeaders } from './security-headers.ts';

limitMemory(process.env, process.execArgv);

const log = createInvocationLog();
const meter = createMeter();
const findServices = () => loaded?.findCore()?.services;
const observe = createObserve({
  log,
  meter,
  now: Date.now,
  findExporter: () => findServices()?.exporter,
  findRecorder: () => findServices()?.recordChanges,
  findRefusals: () => findServices()?.refusals,
});

let loaded: CoreFunctions | undefined;
const loadCore = createLoadOnce(async () => {
  const { createCoreFunctions } = await import('./core.ts');
  loaded = createCoreFunctions(process.env, {
    log,
    metrics: meter,
    getConsentUrl: async (tenant) => (await loadDeferred()).getServices().getConsentUrl(tenant),
  });
  return loaded;
});

const loadDeferred = createLoadOnce(async () => {
  const { getCore } = await loadCore();
  const { createDeferred } = await import('./deferred.ts');
  return createDeferred({ getCore, log });
});

/** What is answered without the chunk of all other functions. */
const CORE_FUNCTIONS = new Set(['issueToken']);

for (const { id, methods, path } of REGISTRATIONS.routes) {
  const [method = 'GET'] = methods;
  const secured = withSecurityHeaders(defer(id), log);
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

// The worker answers the host first: the host goes on starting while this process loads.
app.hook.appStart(() => void setImmediate(warmUp));
app.hook.appTerminate(observe.flush);

/** Without a configuration there is nothing to fetch: every trigger says so. */
async function warmUp(): Promise<void> {
  try {
    const { getCore } = await loadCore();
    await getCore().services.warmUp();
  } catch {
    return;
  }
}

/** The handler of a function whose code is loaded by the warm-up, or when somebody calls it. */
function defer(id: string): HttpHandler {
  const load = CORE_FUNCTIONS.has(id) ? loadCore : loadDeferred;
  return async (request, context) => {
    const { handlers } = await load();
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
