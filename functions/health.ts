import type { HttpHandler, HttpResponseInit } from '@azure/functions';
import { assertRole, type Caller } from '../shared/callers/caller.ts';
import { ConfigError } from '../shared/config.ts';
import { BrokerError } from '../shared/errors.ts';
import type { Check, HealthReport } from '../shared/health/health-check.ts';
import { toErrorResponse } from './api.ts';
import type { HandlerParts, OpenRoute } from './route.ts';
import type { Services } from './services.ts';

const NO_STORE = { 'cache-control': 'no-store' };

/**
 * `GET /health`: whether the broker could start; names what is wrong with its settings, never a
 * value. With a bearer token that holds `Tenants.Read`: its dependencies.
 */
export const health: OpenRoute = {
  kind: 'open',
  tag: 'api',
  id: 'health',
  method: 'GET',
  head: true,
  path: 'api/health',
  summary:
    'See whether the broker could start, or which settings are wrong; with a token that holds Tenants.Read, every dependency.',
  answers: { 200: 'Health', 503: 'Health' },
  errors: ['invalid_token', 'insufficient_scope', 'caller_blocked'],
  createHandler,
};

function createHandler({ getServices, log }: HandlerParts): HttpHandler {
  return async (request, context) => {
    try {
      const services = getServices();
      const authorization = request.headers.get('authorization');
      if (authorization === null) return toResponse(200, { status: 'up' });
      const caller = await services.identify(authorization);
      assertRole(caller, 'Tenants.Read');
      await checkCaller(caller, services);
      const report = await services.getHealth();
      return toResponse(report.status === 'up' ? 200 : 503, toHealthJson(report, Date.now()));
    } catch (error) {
      if (error instanceof ConfigError) {
        return toResponse(503, { status: 'down', problems: error.problems });
      }
      return toErrorResponse(error, { log, correlationId: context.invocationId });
    }
  };
}

/** Whether storage can be read is what the report says: it needs no storage to be let through. */
async function checkCaller(caller: Caller, services: Services): Promise<void> {
  try {
    await services.checkCaller(caller);
  } catch (error) {
    const isUnknown = error instanceof BrokerError && error.code === 'temporarily_unavailable';
    if (!isUnknown) throw error;
  }
}

function toResponse(status: number, jsonBody: unknown): HttpResponseInit {
  return { status, headers: NO_STORE, jsonBody };
}

/** The dependencies as the API shows them; `now` in epoch milliseconds. */
export function toHealthJson({ status, checks }: HealthReport, now: number) {
  const entries = Object.entries(checks).map(([name, check]) => [name, toItem(check, now)]);
  return { status, checks: Object.fromEntries(entries) };
}

function toItem({ status, durationMs, checkedAt, findings }: Check, now: number) {
  return {
    status,
    duration_ms: durationMs,
    checked_at: new Date(checkedAt).toISOString(),
    age_seconds: Math.round((now - checkedAt) / 1000),
    ...findings,
  };
}
