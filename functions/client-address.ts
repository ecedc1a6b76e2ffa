import type { HttpRequest } from '@azure/functions';

/** An address with the port that App Service adds: `203.0.113.7:51000`, `[2001:db8::1]:51000`. */
const ADDRESS = /^\[?([0-9a-f.:]+?)\]?(?::\d+)?$/i;

/**
 * Finds where a request comes from. Only the last entry is the front end's own: whatever stands
 * before it was sent by the client. Without a front end, as on loopback, all requests come from one
 * place.
 */
export function findAddress({ headers }: HttpRequest): string {
  const last = headers.get('x-forwarded-for')?.split(',').at(-1)?.trim() ?? '';
  if (last.length > 64) return 'unknown';
  if (/^[0-9a-f:]+$/i.test(last) && last.split(':').length > 2) return last;
  return ADDRESS.exec(last)?.[1] ?? 'unknown';
}
