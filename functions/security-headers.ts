import type { HttpHandler, HttpResponseInit } from '@azure/functions';
import { toErrorResponse } from './api.ts';
import type { InvocationLog } from './log.ts';

/**
 * On every answer of every route: https only (RFC 6797), and no guessing of types (Fetch,
 * X-Content-Type-Options).
 */
const SECURITY_HEADERS = {
  'strict-transport-security': 'max-age=31536000',
  'x-content-type-options': 'nosniff',
} as const;

/**
 * Adds the headers, which no route may weaken. An error that a handler let through is answered with
 * them, too.
 */
export function withSecurityHeaders(handler: HttpHandler, log: InvocationLog): HttpHandler {
  return async (request, context) => {
    try {
      return secure(await handler(request, context));
    } catch (error) {
      return secure(toErrorResponse(error, { log, correlationId: context.invocationId }));
    }
  };
}

function secure(response: HttpResponseInit): HttpResponseInit {
  return { ...response, headers: { ...toRecord(response.headers), ...SECURITY_HEADERS } };
}

/** Routes answer with plain objects, whose spread costs the hot path least. */
function toRecord(headers: HttpResponseInit['headers']): Record<string, string> {
  if (headers === undefined) return {};
  return Symbol.iterator in headers
    ? Object.fromEntries(headers as Iterable<[string, string]>)
    : headers;
}
