import type { HttpMethod } from '@azure/functions';
import type { Route } from './route.ts';
import { ROUTES } from './routes.ts';
import { QUEUE_TASKS, TIMERS } from './tasks.ts';

/** What the host has to know of a function before anybody calls it. */
interface Registrations {
  readonly routes: readonly {
    readonly id: string;
    readonly methods: readonly HttpMethod[];
    readonly path: string;
  }[];
  readonly timers: readonly { readonly id: string; readonly schedule: string }[];
  readonly queues: readonly { readonly id: string; readonly queueName: string }[];
}

/**
 * Every function of the app. The build works the value out and puts it in the place of this module:
 * the entry registers functions whose code it does not load.
 */
export const REGISTRATIONS: Registrations = {
  routes: ROUTES.map((route) => ({ id: route.id, methods: toMethods(route), path: route.path })),
  timers: TIMERS.map(({ id, schedule }) => ({ id, schedule })),
  queues: QUEUE_TASKS.map(({ id, queueName }) => ({ id, queueName })),
};

function toMethods(route: Route): readonly HttpMethod[] {
  const hasHead = route.kind !== 'api' && route.head === true;
  return hasHead ? [route.method, 'HEAD'] : [route.method];
}
