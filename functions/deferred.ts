import type { HttpHandler } from '@azure/functions';
import { createApiHandler } from './api.ts';
import { compose } from './compose/compose.ts';
import type { Core } from './compose/core.ts';
import { createPageHandler } from './consent/browser.ts';
import type { InvocationLog } from './log.ts';
import type { HandlerParts, Route } from './route.ts';
import { ROUTES } from './routes.ts';
import type { Services } from './services.ts';
import { QUEUE_TASKS, TIMERS } from './tasks.ts';

/** All that a token does not need: the first call of any other function loads it. */
export interface Deferred {
  readonly getServices: () => Services;
  readonly handlers: ReadonlyMap<string, HttpHandler>;
  readonly timers: ReadonlyMap<string, (services: Services) => Promise<void>>;
  readonly queues: ReadonlyMap<string, (services: Services, message: unknown) => Promise<void>>;
}

/** Creates the functions of the chunk, by id. `getCore` throws while the settings are wrong. */
export function createDeferred({
  getCore,
  log,
}: {
  getCore: () => Core;
  log: InvocationLog;
}): Deferred {
  let services: Services | undefined;
  const getServices = () => {
    services ??= compose(getCore());
    return services;
  };
  const parts = { getServices, log };
  return {
    getServices,
    handlers: new Map(ROUTES.map((route) => [route.id, createHandler(route, parts)])),
    timers: new Map(TIMERS.map(({ id, run }) => [id, run])),
    queues: new Map(QUEUE_TASKS.map(({ id, take }) => [id, take])),
  };
}

function createHandler(route: Route, parts: HandlerParts): HttpHandler {
  switch (route.kind) {
    case 'api':
      return createApiHandler(route, parts);
    case 'page':
      return createPageHandler(route, parts);
    case 'open':
      return route.createHandler(parts);
  }
}
