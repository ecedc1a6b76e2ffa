import type { JWTPayload } from 'jose';
import type { Handle } from '../../serve.ts';
import { answerUnder, createFaults, type Faults } from './faults.ts';
import { type CallLimits, createQuota } from './quota.ts';
import {
  notFound,
  Refusal,
  type RetryAfterPlace,
  tooManyRequests,
  unauthorized,
} from './refusal.ts';

/** Verifies signature, issuer and lifetime of an access token; rejects when one is not right. */
export type VerifyAccessToken = (token: string) => Promise<JWTPayload>;

/** An admitted request: authenticated, authorized and within its quota. */
export interface Call {
  readonly url: URL;
  readonly headers: Headers;
  readonly tenantId: string;
  /** The first group of the operation's path, `''` when it has none. */
  readonly id: string;
  readonly body: unknown;
}

/** One method of an API: where it is, who may call it how often, and what it answers. */
interface Operation {
  readonly method: 'GET' | 'PATCH' | 'POST';
  readonly path: RegExp;
  /** App roles, each of which suffices. */
  readonly roles: readonly string[];
  readonly limits: CallLimits;
  readonly answer: (call: Call) => Response;
}

/** What was asked and answered; `status` is 0 when the connection was dropped. */
interface RecordedRequest {
  readonly method: string;
  readonly path: string;
  readonly tenantId?: string;
  readonly body?: unknown;
  readonly status: number;
}

/** Switches that hold until changed. */
export interface SurfaceSettings {
  /** Whether calls are counted at all. */
  readonly quotas: boolean;
  /** Where the answer to a used-up quota says when to come back. */
  readonly retryAfterIn: RetryAfterPlace;
}

/** What differs between APIs; `toErrorBody` makes their error envelope. */
interface SurfaceOptions {
  readonly verifyAccessToken: VerifyAccessToken;
  readonly audiences: readonly string[];
  readonly operations: readonly Operation[];
  readonly toErrorBody: (refusal: Refusal) => unknown;
  readonly settings: () => SurfaceSettings;
  readonly now: () => number;
}

/** An API that is served, with its faults and its record of requests. */
export interface Surface {
  readonly handle: Handle;
  readonly faults: Omit<Faults, 'take'>;
  readonly requests: readonly RecordedRequest[];
}

/**
 * Serves operations to bearer tokens, tenants apart: 401, 404, 403, faults, quota, then the answer.
 */
export function createSurface(options: SurfaceOptions): Surface {
  const faults = createFaults();
  const countCall = createQuota(options.now);
  const requests: RecordedRequest[] = [];
  return { handle, faults, requests };

  async function handle(request: Request): Promise<Response> {
    const { pathname, search } = new URL(request.url);
    const record = { method: request.method, path: `${pathname}${search}`, status: 0 };
    requests.push(record);
    const note = (known: Partial<RecordedRequest>) => Object.assign(record, known);
    const response = await admit(request, note).catch(refuse);
    note({ status: response.status });
    return response;
  }

  function refuse(error: unknown): Response {
    if (!(error instanceof Refusal)) throw error;
    const { status, headers } = error;
    return Response.json(options.toErrorBody(error), { status, headers });
  }

  async function admit(request: Request, note: (known: Partial<RecordedRequest>) => void) {
    const claims = await authenticate(request, options);
    const tenantId = String(claims.tid);
    note({ tenantId });
    const url = new URL(request.url);
    const operation = findOperation(request.method, url, options.operations);
    authorize(claims, operation.roles);
    const body = request.method === 'GET' ? undefined : await readJson(request);
    if (body !== undefined) note({ body });
    return await answerUnder(faults.take(tenantId), () => {
      countOrRefuse(tenantId, operation);
      const id = operation.path.exec(url.pathname)?.[1] ?? '';
      return operation.answer({ url, headers: request.headers, tenantId, id, body });
    });
  }

  function countOrRefuse(tenantId: string, { method, path, limits }: Operation): void {
    const { quotas, retryAfterIn } = options.settings();
    if (!quotas) return;
    const seconds = countCall(`${tenantId} ${method} ${path.source}`, limits);
    if (seconds !== undefined) throw tooManyRequests(seconds, retryAfterIn);
  }
}

async function authenticate(
  request: Request,
  { verifyAccessToken, audiences }: SurfaceOptions,
): Promise<JWTPayload> {
  const token = /^Bearer (\S+)$/i.exec(request.headers.get('authorization') ?? '')?.[1];
  if (!token) throw unauthorized('The Authorization header is missing or invalid.');
  const claims = await verifyAccessToken(token).catch(() => {
    throw unauthorized('The access token is invalid or has expired.');
  });
  const audience = [claims.aud ?? []].flat();
  if (!audience.some((one) => audiences.includes(one))) {
    throw unauthorized('Access token validation failure. Invalid audience.');
  }
  if (typeof claims.tid !== 'string') throw unauthorized('The access token has no tenant.');
  return claims;
}

function findOperation(method: string, { pathname }: URL, operations: readonly Operation[]) {
  const operation = operations.find((one) => one.method === method && one.path.test(pathname));
  if (!operation) throw notFound(`No HTTP resource was found for ${method} ${pathname}.`);
  return operation;
}

function authorize(claims: JWTPayload, required: readonly string[]): void {
  const granted = Array.isArray(claims.roles) ? claims.roles.map(String) : [];
  if (required.some((role) => granted.includes(role))) return;
  const message = `Missing application roles. API required roles: ${required.join(',')}, application roles: ${granted.join(',')}.`;
  throw new Refusal(403, 'Forbidden', { message });
}

async function readJson(request: Request): Promise<unknown> {
  try {
    return await request.json();
  } catch {
    throw new Refusal(400, 'InvalidRequestBody', { message: 'The request body is not JSON.' });
  }
}
