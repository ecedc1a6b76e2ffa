import { randomUUID, timingSafeEqual } from 'node:crypto';
import type { Handle } from './serve.ts';

/** A token for the app itself; `expiresOn` in epoch seconds. */
interface IdentityToken {
  readonly accessToken: string;
  readonly expiresOn: number;
}

/**
 * What the endpoint needs; `issueToken` rejects for an unknown identity, or with an AADSTS message.
 */
interface ManagedIdentityOptions {
  readonly issueToken: (request: {
    readonly resource: string;
    readonly clientId?: string;
  }) => Promise<IdentityToken>;
  /** The value of IDENTITY_HEADER. */
  readonly header: string;
}

/** What was asked and answered. */
interface IdentityRequest {
  readonly resource?: string;
  readonly clientId?: string;
  readonly status: number;
}

/** The managed-identity endpoint of App Service and Functions, protocol version 2019-08-01. */
interface ManagedIdentity {
  readonly handle: Handle;
  readonly requests: readonly IdentityRequest[];
}

const API_VERSION = '2019-08-01';
const UNKNOWN_IDENTITY =
  'No User Assigned or Delegated Managed Identity found for specified ClientId/ResourceId/PrincipalId.';

/**
 * Stands in for IDENTITY_ENDPOINT ("How to use managed identities for App Service", REST endpoint).
 */
export function createManagedIdentity({
  issueToken,
  header,
}: ManagedIdentityOptions): ManagedIdentity {
  const requests: IdentityRequest[] = [];
  return { handle, requests };

  async function handle(request: Request): Promise<Response> {
    const query = new URL(request.url).searchParams;
    const resource = query.get('resource') ?? undefined;
    const clientId = query.get('client_id') ?? undefined;
    const asked = {
      ...(resource === undefined ? {} : { resource }),
      ...(clientId === undefined ? {} : { clientId }),
    };
    const response =
      refuse(request, query) ?? (await answer({ ...asked, resource: resource ?? '' }));
    requests.push({ ...asked, status: response.status });
    return response;
  }

  function refuse({ method, headers }: Request, query: URLSearchParams): Response | undefined {
    const presented = headers.get('x-identity-header');
    if (presented === null) return toError(401, 'The X-IDENTITY-HEADER header is missing.');
    if (!equal(presented, header)) return toError(403, 'The X-IDENTITY-HEADER header is wrong.');
    if (method !== 'GET') return toError(405, `The method ${method} is not allowed.`);
    if (query.get('api-version') !== API_VERSION) {
      return toError(400, `The api-version must be ${API_VERSION}.`);
    }
    if (!query.get('resource')) return toError(400, 'The resource parameter is missing.');
    return undefined;
  }

  async function answer(asked: { resource: string; clientId?: string }): Promise<Response> {
    const token = await issueToken(asked).catch(toReason);
    if (typeof token === 'string') return toError(400, token);
    return Response.json({
      access_token: token.accessToken,
      expires_on: String(token.expiresOn),
      // The client keys its token cache on exactly what it asked for.
      resource: asked.resource,
      token_type: 'Bearer',
      ...(asked.clientId === undefined ? {} : { client_id: asked.clientId }),
    });
  }
}

function toReason(error: unknown): string {
  const known = error instanceof Error && error.message.startsWith('AADSTS');
  return known ? error.message : UNKNOWN_IDENTITY;
}

function equal(one: string, other: string): boolean {
  const [first, second] = [Buffer.from(one), Buffer.from(other)];
  return first.length === second.length && timingSafeEqual(first, second);
}

function toError(statusCode: number, message: string): Response {
  return Response.json(
    { statusCode, message, correlationId: randomUUID() },
    { status: statusCode },
  );
}
