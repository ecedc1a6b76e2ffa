import type { HttpHandler, HttpRequest, HttpResponseInit } from '@azure/functions';
import { assertRole } from '../../shared/callers/caller.ts';
import { PROXY_METHODS, type ProxyMethod } from '../../shared/callers/operation.ts';
import { toForwardedHeaders } from '../../shared/proxy/proxy-headers.ts';
import { parseProxyPath } from '../../shared/proxy/proxy-path.ts';
import { toErrorResponse } from '../api.ts';
import { readBytes } from '../input/read-body.ts';
import type { HandlerParts, OpenRoute } from '../route.ts';
import type { Services } from '../services.ts';
import { toAnswerResponse } from './answer-response.ts';

const MAX_BODY_BYTES = 10 * 1024 * 1024;

/**
 * `{method} /tenants/{tenant}/apis/{resource}/{path}`: a customer's API, without a token for the
 * caller.
 */
export const PROXY_ROUTES: readonly OpenRoute[] = PROXY_METHODS.map((method) => ({
  kind: 'open',
  tag: 'proxy',
  id: `callApi${method.charAt(0)}${method.slice(1).toLowerCase()}`,
  method,
  path: 'api/tenants/{tenant}/apis/{resource}/{*path}',
  summary:
    "Call a customer's API with the customer's token, which stays here; needs Apis.Call and a grant.",
  answers: { 200: undefined },
  errors: [
    'invalid_request',
    'invalid_target',
    'response_too_large',
    'invalid_token',
    'insufficient_scope',
    'caller_blocked',
    'access_denied',
    'tenant_not_found',
    'consent_required',
    'missing_roles',
    'tenant_disabled',
    'too_many_requests',
    'bad_gateway',
    'temporarily_unavailable',
    'server_error',
  ],
  createHandler: (parts) => createProxyHandler(parts, method),
}));

function createProxyHandler({ getServices, log }: HandlerParts, method: ProxyMethod): HttpHandler {
  return async (http, { invocationId: correlationId }) => {
    try {
      return await proxy(getServices(), { http, method, correlationId });
    } catch (error) {
      return toErrorResponse(error, { log, correlationId });
    }
  };
}

/** Only a bearer token opens it: a browser's session is for the console. */
async function proxy(
  services: Services,
  {
    http,
    method,
    correlationId,
  }: { http: HttpRequest; method: ProxyMethod; correlationId: string },
): Promise<HttpResponseInit> {
  const { tenant = '', resource = '' } = http.params;
  const caller = await services.authenticate(http.headers.get('authorization') ?? undefined);
  services.log.note({ caller: caller.id });
  assertRole(caller, 'Apis.Call');
  const proxied = await services.callApi({
    caller,
    tenant,
    resource: services.parseResource(resource),
    method,
    path: parseProxyPath(http.url, { tenant, resource }),
    headers: toForwardedHeaders(http.headers),
    body: await readBytes(http, MAX_BODY_BYTES),
    correlationId,
  });
  const proxyUrl = `${services.publicBaseUrl}/api/tenants/${proxied.tenantId}/apis/${resource}`;
  return toAnswerResponse(proxied, { proxyUrl, correlationId });
}
