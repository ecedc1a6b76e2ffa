import type { HttpHandler, HttpRequest, HttpResponseInit } from '@azure/functions';
import { BrokerError, toErrorBody } from '../../shared/errors.ts';
import { toErrorResponse } from '../api.ts';
import { readBytes } from '../input/read-body.ts';
import type { HandlerParts, OpenRoute } from '../route.ts';
import type { Services } from '../services.ts';

/** Larger than any call of a tool. */
const MAX_BODY_BYTES = 256 * 1024;

const NO_STORE = { 'cache-control': 'no-store' };

const ROUTE = { kind: 'open', tag: 'mcp', path: 'api/mcp' } as const;

/** `POST /mcp`: the tools of the Model Context Protocol, over the same functions as the API. */
export const callMcp: OpenRoute = {
  ...ROUTE,
  id: 'callMcp',
  method: 'POST',
  summary: 'Call tools as an agent: stateless MCP with JSON answers; each tool needs its own role.',
  answers: { 200: undefined },
  errors: ['invalid_request', 'invalid_token', 'access_denied', 'caller_blocked', 'server_error'],
  createHandler,
};

/** Clients take 404 for a lost session, so what is not served is declared and refused. */
export const MCP_REFUSALS: readonly OpenRoute[] = (['GET', 'DELETE'] as const).map((method) => ({
  ...ROUTE,
  id: method === 'GET' ? 'listenMcp' : 'endMcp',
  method,
  head: method === 'GET',
  summary: 'Refused with 405: there are neither event streams nor sessions.',
  answers: { 405: undefined },
  errors: [],
  createHandler: () => () => ({
    status: 405,
    headers: { ...NO_STORE, allow: 'POST' },
    jsonBody: toRpcError(-32000, 'Method not allowed: send POST.'),
  }),
}));

const WELL_KNOWN = '.well-known/oauth-protected-resource';

/**
 * `GET /.well-known/oauth-protected-resource[/api/mcp]` (RFC 9728): who issues tokens for the
 * tools.
 */
export const MCP_METADATA: readonly OpenRoute[] = ['', '/api/mcp'].map((suffix) => ({
  kind: 'open',
  tag: 'mcp',
  id: suffix === '' ? 'protectedResource' : 'protectedResourceMcp',
  method: 'GET',
  head: true,
  path: `${WELL_KNOWN}${suffix}`,
  summary: 'See which authorization server issues tokens for the tools.',
  answers: { 200: 'ProtectedResource' },
  errors: ['server_error'],
  createHandler: createMetadataHandler,
}));

function createMetadataHandler({ getServices, log }: HandlerParts): HttpHandler {
  return (_request, { invocationId }) => {
    try {
      const { resource, authorizationServer, scope } = getServices().mcp;
      return {
        headers: { 'cache-control': 'public, max-age=3600', 'access-control-allow-origin': '*' },
        jsonBody: {
          resource,
          resource_name: 'Partner broker for Microsoft Defender',
          authorization_servers: [authorizationServer],
          scopes_supported: [scope],
          bearer_methods_supported: ['header'],
        },
      };
    } catch (error) {
      return toErrorResponse(error, { log, correlationId: invocationId });
    }
  };
}

function createHandler({ getServices, log }: HandlerParts): HttpHandler {
  return async (http, { invocationId: correlationId }) => {
    try {
      return await answer(http, { services: getServices(), correlationId });
    } catch (error) {
      const response = toErrorResponse(error, { log, correlationId });
      return response.status === 401 ? withChallenge(response, getServices()) : response;
    }
  };
}

/** Only a bearer token opens it: a browser's session is for the console. */
async function answer(
  http: HttpRequest,
  { services, correlationId }: { services: Services; correlationId: string },
): Promise<HttpResponseInit> {
  assertOrigin(http, services);
  const caller = await services.authenticate(http.headers.get('authorization') ?? undefined);
  services.log.note({ caller: caller.id });
  const message = parseMessage(await readBytes(http, MAX_BODY_BYTES));
  if (isSubscription(message)) return toUnsupported(message);
  const headers = new Headers(Object.fromEntries(http.headers));
  headers.delete('authorization');
  const request = new Request(services.mcp.resource, { method: 'POST', headers });
  const { answerMcp } = await import('./mcp-server.ts');
  return await answerMcp({ request, message, caller, services, correlationId, toErrorBody });
}

/**
 * Compared with where the broker is published, never with `Host` (MCP, security of the transport).
 */
function assertOrigin({ headers }: HttpRequest, { publicOrigin }: Services): void {
  const origin = headers.get('origin');
  if (origin === null || origin === publicOrigin) return;
  throw new BrokerError('access_denied', 'The request comes from a page of another origin.', {
    owner: 'caller',
    remedy: 'Call the tools from a program, not from a web page.',
  });
}

function parseMessage(bytes: ArrayBuffer | undefined): unknown {
  const text = new TextDecoder().decode(bytes ?? new ArrayBuffer());
  try {
    const message: unknown = JSON.parse(text);
    if (typeof message === 'object' && message !== null && !Array.isArray(message)) return message;
  } catch {
    // Answered below like anything else that is no message.
  }
  throw new BrokerError('invalid_request', 'The body is not one JSON-RPC message.', {
    owner: 'caller',
    remedy: 'Send one JSON object; batches are not part of the protocol any more.',
  });
}

const LISTEN = 'subscriptions/listen';

/** A stream that stays open: the host would hold it back until it ends. */
function isSubscription(message: unknown): message is { readonly id?: unknown } {
  return (
    typeof message === 'object' && message !== null && Reflect.get(message, 'method') === LISTEN
  );
}

function toUnsupported({ id = null }: { readonly id?: unknown }): HttpResponseInit {
  const error = { code: -32601, message: 'Method not found: there are no event streams.' };
  return { status: 404, headers: NO_STORE, jsonBody: { jsonrpc: '2.0', id, error } };
}

function toRpcError(code: number, message: string) {
  return { jsonrpc: '2.0', id: null, error: { code, message } };
}

/** RFC 9728 section 5.1: where a client learns how to get a token. */
function withChallenge(response: HttpResponseInit, { mcp }: Services): HttpResponseInit {
  const metadata = new URL(`/${WELL_KNOWN}/api/mcp`, mcp.resource).href;
  const challenge = `Bearer error="invalid_token", resource_metadata="${metadata}", scope="${mcp.scope}"`;
  return { ...response, headers: { ...response.headers, 'www-authenticate': challenge } };
}
