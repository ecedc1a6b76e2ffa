import type { HttpFunction } from '../triggers.ts';
import { parseTemplate } from './route-template.ts';

/**
 * Throws where the real host puts a function in error: its route is the host's own, or an earlier
 * function has it.
 */
export function assertRoutable(fn: HttpFunction, earlier: readonly HttpFunction[]): void {
  const route = normalise(fn.route);
  if (/^(?:admin|runtime)/.test(route)) {
    throw new Error('The specified route conflicts with one or more built in routes.');
  }
  parseTemplate(route);
  const other = earlier.find(
    ({ route: taken, methods }) =>
      normalise(taken) === route && methods.some((method) => fn.methods.includes(method)),
  );
  if (other) {
    throw new Error(
      `The route specified conflicts with the route defined by function '${other.name}'.`,
    );
  }
}

function normalise(route: string): string {
  return route.replace(/^\/+|\/+$/g, '').toLowerCase();
}
