import { createPrivateKey, randomUUID } from 'node:crypto';
import type { JWTPayload } from 'jose';
import type { Handle } from '../serve.ts';
import type { Call, EntraState } from './context.ts';
import type { Directory } from './directory/directory-model.ts';
import { findTenant } from './directory.ts';
import { EntraError, toErrorResponse } from './errors.ts';
import { disturb, findEffect, garble, takeEffects } from './faults.ts';
import { createRequestLog, type RecordedRequest, type RequestLog } from './request-log.ts';
import { findRoute, type Route } from './routes.ts';
import { createCodeStore } from './sign-in/codes.ts';
import { errorPage } from './sign-in/pages.ts';
import { createSessionStore } from './sign-in/sessions.ts';
import {
  issueManagedIdentityToken,
  type ManagedIdentityRequest,
  type ManagedIdentityToken,
} from './tokens/managed-identity.ts';
import {
  createSigningKey,
  createSigningKeys,
  type SigningKey,
  toSigningKey,
} from './tokens/signing-keys.ts';
import { verifyAccessToken } from './tokens/verify-access-token.ts';

/** What a stand-in starts with. */
interface EntraOptions {
  readonly directory: Directory;
  /** Scheme, host and port in issuers and endpoints; by default those of the first request. */
  readonly origin?: string;
  /** The first signing key; made when absent. */
  readonly signingKey?: SigningKey;
  /** The keys of a stand-in before, PKCS#8, the newest first; instead of a first one. */
  readonly exportedKeys?: readonly [string, ...string[]];
}

/** A strict stand-in for Microsoft Entra ID. */
export interface Entra {
  readonly handle: Handle;
  readonly directory: Directory;
  readonly requests: readonly RecordedRequest[];
  readonly resetRequests: () => void;
  readonly setOrigin: (origin: string) => void;
  /** Verifies a token for another stand-in: keys, times and issuer; rejects on anything else. */
  readonly verifyAccessToken: (token: string) => Promise<JWTPayload>;
  readonly issueManagedIdentityToken: (
    request: ManagedIdentityRequest,
  ) => Promise<ManagedIdentityToken>;
  /** A new key signs; the old ones stay published unless this is an emergency. */
  /** Every published key as PKCS#8, the newest first. */
  readonly exportSigningKeys: () => readonly string[];
  readonly rotateSigningKeys: (options?: { readonly dropOld: boolean }) => Promise<void>;
}

/** Creates a stand-in over a directory, which may be changed while it runs. */
export async function createEntra(options: EntraOptions): Promise<Entra> {
  const { directory } = options;
  const [first, ...older] = options.exportedKeys?.map(importKey) ?? [];
  const keys = createSigningKeys(
    first ?? options.signingKey ?? (await createSigningKey()),
    ...older,
  );
  const state = { directory, keys, codes: createCodeStore(), sessions: createSessionStore() };
  const log = createRequestLog();
  let origin = options.origin;

  function getOrigin(): string {
    if (origin === undefined) throw new Error('Set the origin of the stand-in for Entra ID first');
    return origin;
  }

  return {
    handle: (request) => {
      origin ??= new URL(request.url).origin;
      return handle({ state, log, origin }, request);
    },
    directory,
    requests: log.requests,
    resetRequests: log.reset,
    setOrigin: (value) => {
      origin = value;
    },
    verifyAccessToken: (token) => verifyAccessToken(state, getOrigin(), token),
    issueManagedIdentityToken: (request) => issueManagedIdentityToken(state, getOrigin(), request),
    exportSigningKeys: () =>
      keys
        .list()
        .map(({ privateKey }) => String(privateKey.export({ type: 'pkcs8', format: 'pem' }))),
    rotateSigningKeys: (how) => keys.rotate(how ?? { dropOld: false }),
  };
}

function importKey(pem: string): SigningKey {
  return toSigningKey(createPrivateKey(pem));
}

interface Service {
  readonly state: EntraState;
  readonly log: RequestLog;
  readonly origin: string;
}

async function handle(service: Service, request: Request): Promise<Response> {
  const url = new URL(request.url);
  const [, segment = '', rest = ''] = url.pathname.match(/^\/([^/]+)\/(.+)$/) ?? [];
  const route = findRoute(rest);
  if (route === undefined) return new Response('Not found', { status: 404 });
  const call = toCall(service, { request, url, segment: segment.toLowerCase(), route });
  try {
    const response = await answer(service.state, call, route);
    record(service.log, call, response.status);
    return withDate(response, call.now);
  } catch (error) {
    record(service.log, call, 0);
    throw error;
  }
}

/** Microsoft's answers tell its time, which the server under us would not know. */
function withDate(response: Response, now: number): Response {
  const headers = new Headers(response.headers);
  if (!headers.has('date')) headers.set('date', new Date(now).toUTCString());
  return new Response(response.body, { status: response.status, headers });
}

function toCall(
  { state: { directory }, origin }: Service,
  routed: { request: Request; url: URL; segment: string; route: Route },
): Call {
  const { request, url, segment, route } = routed;
  const tenant = findTenant(directory, segment);
  const { endpoint } = route;
  const effects = takeEffects(directory, { tenantId: tenant?.tenantId, endpoint });
  return {
    request,
    url,
    origin,
    segment,
    tenant,
    version: route.version,
    effects,
    now: directory.now() + (findEffect(effects, 'clock-skew')?.ms ?? 0),
    correlationId: request.headers.get('client-request-id') ?? randomUUID(),
    notes: {},
  };
}

async function answer(state: EntraState, call: Call, route: Route): Promise<Response> {
  const disturbed = await disturb(call.effects, call.request.signal);
  return disturbed ?? (await garble(await answerCalmly(state, call, route), call.effects));
}

async function answerCalmly(state: EntraState, call: Call, route: Route): Promise<Response> {
  try {
    return await route.answer(state, call);
  } catch (error) {
    if (!(error instanceof EntraError)) throw error;
    call.notes.errorCode = error.code;
    return route.endpoint === 'browser' ? errorPage(call, error) : toErrorResponse(error, call);
  }
}

function record(log: RequestLog, call: Call, status: number): void {
  const { request, url, segment, notes } = call;
  const tenant = call.tenant?.tenantId ?? segment;
  const { method } = request;
  const traced = findTrace(request.headers);
  const record = { time: call.now, method, path: url.pathname, tenant, status, ...notes };
  log.record({ ...record, ...(traced && { traced }) });
}

function findTrace(headers: Headers): RecordedRequest['traced'] {
  const traceparent = headers.get('traceparent');
  if (traceparent === null) return undefined;
  const clientRequestId = headers.get('client-request-id');
  return { traceparent, clientRequestId, headers: [...headers.keys()] };
}
