import type { HttpHandler, HttpRequest, HttpResponseInit } from '@azure/functions';
import { isIntegrityError } from '../shared/authority/integrity.ts';
import { assertRole, type Caller } from '../shared/callers/caller.ts';
import { ConfigError } from '../shared/config.ts';
import { BrokerError, toErrorBody } from '../shared/errors.ts';
import type { Log } from '../shared/log.ts';
import { findSession } from './auth/session-request.ts';
import type { InvocationLog } from './log.ts';
import type { ApiRoute } from './route.ts';
import type { TokenServices } from './services.ts';

/** Answers that belong to one caller only. */
const NO_STORE = { 'cache-control': 'no-store' };

const NO_STORE_JSON = { ...NO_STORE, 'content-type': 'application/json' };

/** Answers a tool: authenticates the caller, asserts the role, turns every error into one shape. */
export function createApiHandler<S extends TokenServices>(
  route: ApiRoute<S>,
  parts: { readonly getServices: () => S; readonly log: InvocationLog },
): HttpHandler {
  const { role, answer } = route;
  const { getServices, log } = parts;
  return async (http, context) => {
    try {
      const correlationId = context.invocationId;
      const services = getServices();
      const caller = await identify(http, services, route);
      log.note({ caller: caller.id });
      assertRole(caller, role);
      return toResponse(await answer({ http, caller, correlationId }, services));
    } catch (error) {
      return toErrorResponse(error, { log, correlationId: context.invocationId });
    }
  };
}

/**
 * A bearer token names the caller; a request of our own page may carry an operator's session
 * instead.
 */
function identify(
  http: HttpRequest,
  services: TokenServices,
  { repairsLedger, bearerOnly }: Pick<ApiRoute, 'repairsLedger' | 'bearerOnly'>,
): Caller | Promise<Caller> {
  const authorization = http.headers.get('authorization');
  if (bearerOnly) return services.authenticate(authorization ?? undefined);
  if (authorization === null) return identifyOperator(http, services);
  return repairsLedger
    ? identifyRepairer(authorization, services)
    : services.authenticate(authorization);
}

/** While there is no ledger to believe, nobody can tell who is blocked: its role has to do. */
async function identifyRepairer(authorization: string, services: TokenServices): Promise<Caller> {
  try {
    return await services.authenticate(authorization);
  } catch (error) {
    if (!isIntegrityError(error) || services.hasLedger()) throw error;
    return await services.identify(authorization);
  }
}

async function identifyOperator(http: HttpRequest, services: TokenServices): Promise<Caller> {
  const session = await findSession(http, services);
  return session ? session.caller : await services.authenticate(undefined);
}

/** JSON as text: of a `jsonBody` the library makes headers twice. */
function toResponse({ jsonBody, headers, ...rest }: HttpResponseInit): HttpResponseInit {
  if (jsonBody === undefined) return { ...rest, headers: { ...NO_STORE, ...headers } };
  return { ...rest, body: JSON.stringify(jsonBody), headers: { ...NO_STORE_JSON, ...headers } };
}

/** The one place where an error becomes a response. */
export function toErrorResponse(
  thrown: unknown,
  { log, correlationId }: { log: Log; correlationId: string },
): HttpResponseInit {
  const error = thrown instanceof ConfigError ? toConfigurationError(thrown) : thrown;
  const status = error instanceof BrokerError ? error.status : 500;
  const body = toErrorBody(error, correlationId);
  const { logDescription: description = body.error_description } =
    error instanceof BrokerError ? error.details : {};
  log.note({ error: body.error, owner: body.owner, description });
  if (status >= 500) log.note(toOrigin(error));
  return {
    status,
    body: JSON.stringify(body),
    headers: {
      ...NO_STORE_JSON,
      'x-correlation-id': correlationId,
      ...(body.retry_after !== undefined && { 'retry-after': String(body.retry_after) }),
      ...((status === 401 || status === 403) && {
        'www-authenticate': `Bearer error="${body.error}"`,
      }),
    },
  };
}

/** For settings that are wrong: names them, never a value. */
export function toConfigurationError({ problems }: ConfigError): BrokerError {
  return new BrokerError('server_error', 'The broker is not configured yet.', {
    owner: 'partner',
    remedy: 'Correct the settings that are named in problems and restart.',
    problems,
  });
}

/**
 * Where an unexpected error comes from, without its message: messages may quote what they failed
 * on.
 */
export function toOrigin(error: unknown): { cause?: string; at?: string } {
  const origin = error instanceof BrokerError ? error.cause : error;
  if (!(origin instanceof Error)) return {};
  const at = origin.stack?.split('\n').find((line) => line.startsWith('    at '));
  return { cause: origin.name, ...(at !== undefined && { at: at.trim() }) };
}
