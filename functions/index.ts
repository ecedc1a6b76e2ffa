import { app, type HttpHandler, type HttpMethod, HttpResponse } from '@azure/functions';
import { readConfig } from '../shared/config.ts';
import { createMeter } from '../shared/telemetry/meter.ts';
import { createApiHandler } from './api.ts';
import { withBytes } from './as-bytes.ts';
import { compose } from './compose/compose.ts';
import { createPageHandler } from './consent/browser.ts';
import { verifyConsent } from './consent/verify-consent.ts';
import { dispatchHunts, HUNT_SCHEDULE, huntOne } from './hunts/run-hunts.ts';
import { syncIncidents, syncTenant } from './incidents/sync-incidents.ts';
import { limitMemory } from './limit-memory.ts';
import { createInvocationLog } from './log.ts';
import { createObserve } from './observe.ts';
import {
  DELIVERY_QUEUE,
  HUNT_QUEUE,
  REFRESH_QUEUE,
  SYNC_QUEUE,
  VERIFICATION_QUEUE,
} from './queues.ts';
import type { Route } from './route.ts';
import { ROUTES } from './routes.ts';
import { withSecurityHeaders } from './security-headers.ts';
import type { Services } from './services.ts';
import { DISPATCH_SCHEDULE, deliverWebhooks, dispatchWebhooks } from './subscriptions/deliver.ts';
import { SWEEP_SCHEDULE, sweepExpired } from './sweep-expired.ts';
import { refreshBatch, refreshTokens } from './tokens/refresh-tokens.ts';

limitMemory(process.env, process.execArgv);

const log = createInvocationLog();
const meter = createMeter();
const observe = createObserve({
  log,
  meter,
  now: Date.now,
  findExporter: () => services?.exporter,
  findRecorder: () => services?.recordChanges,
});

let services: Services | undefined;
const getServices = (): Services => {
  services ??= compose(readConfig(process.env), { log, metrics: meter });
  return services;
};

for (const route of ROUTES) http(route);

timer('refreshTokens', '%TOKEN_REFRESH_SCHEDULE%', refreshTokens);
timer('syncIncidents', '%INCIDENT_SYNC_SCHEDULE%', syncIncidents);
timer('dispatchWebhooks', DISPATCH_SCHEDULE, dispatchWebhooks);
timer('dispatchHunts', HUNT_SCHEDULE, dispatchHunts);
timer('sweepExpired', SWEEP_SCHEDULE, sweepExpired);
queue('refreshBatch', REFRESH_QUEUE, refreshBatch);
queue('verifyConsent', VERIFICATION_QUEUE, verifyConsent);
queue('syncTenant', SYNC_QUEUE, syncTenant);
queue('deliverWebhooks', DELIVERY_QUEUE, deliverWebhooks);
queue('huntOne', HUNT_QUEUE, huntOne);

app.hook.appStart(warmUp);
app.hook.appTerminate(observe.flush);

/**
 * The host goes on starting meanwhile. Without a configuration there is nothing to fetch: every
 * trigger says so.
 */
function warmUp(): void {
  try {
    void getServices().warmUp();
  } catch {
    return;
  }
}

/** Functions keys are not used: every route checks for itself who calls. */
function http(route: Route): void {
  const { id, method, path } = route;
  const secured = withSecurityHeaders(createHandler(route), log);
  const observed = observe.http({ name: id, method, route: path }, secured);
  const handler = withBytes(observed, (init) => new HttpResponse(init));
  const hasHead = route.kind !== 'api' && route.head === true;
  const methods: HttpMethod[] = hasHead ? [method, 'HEAD'] : [method];
  app.http(id, { methods, route: path, authLevel: 'anonymous', handler });
}

function createHandler(route: Route): HttpHandler {
  switch (route.kind) {
    case 'api':
      return createApiHandler(route, { getServices, log });
    case 'page':
      return createPageHandler(route, { getServices, log });
    case 'open':
      return route.createHandler({ getServices, log });
  }
}

function timer(name: string, schedule: string, run: (services: Services) => Promise<void>): void {
  app.timer(name, {
    schedule,
    handler: ({ scheduleStatus }, context) =>
      observe.run({ name, kind: 'timer' }, context, async () => {
        await run(getServices());
        await getServices().noteTimerRun(name, toNextRun(scheduleStatus?.next));
      }),
  });
}

/**
 * The host names no next run of a schedule that has several a minute: it is a minute off at most.
 */
function toNextRun(next: string | undefined): number {
  const nextAt = Date.parse(next ?? '');
  return Number.isNaN(nextAt) ? Date.now() + 60_000 : nextAt;
}

function queue(
  name: string,
  queueName: string,
  take: (services: Services, message: unknown) => Promise<void>,
): void {
  app.storageQueue(name, {
    queueName,
    connection: 'AzureWebJobsStorage',
    handler: (sealed, context) =>
      observe.run({ name, kind: 'queue' }, context, async () => {
        const message = await getServices().openMessage(queueName, sealed);
        if (message !== undefined) await take(getServices(), message);
      }),
  });
}
