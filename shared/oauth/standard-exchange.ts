import type { Authenticate } from '../callers/authenticate.ts';
import { assertRole } from '../callers/caller.ts';
import type { CheckCaller } from '../callers/check-caller.ts';
import { BrokerError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Resources } from '../resources/resource.ts';
import type { ServeToken } from '../serve-token.ts';
import {
  type AuthenticateClient,
  type AuthenticatedClient,
  authenticateToken,
  toExpiry,
} from './authenticate-client.ts';
import { type ClientProof, findClientProof, toInvalidClient } from './client-proof.ts';
import type { WithPatience } from './patience.ts';
import type { RequestedTarget } from './requested-target.ts';
import { readSubjectToken, TOKEN_EXCHANGE } from './token-exchange.ts';
import type { TokenForm } from './token-form.ts';

/** A token request of an unmodified OAuth client. */
interface StandardTokenRequest {
  /** GUID or verified domain, from the path. */
  readonly tenant: string;
  readonly form: TokenForm;
  readonly authorization: string | undefined;
  /** Where the request comes from, as the front end saw it. */
  readonly address: string;
  readonly correlationId: string;
}

/** The token that an OAuth client gets. Epoch milliseconds. */
export interface StandardToken {
  readonly accessToken: string;
  readonly issuedAt: number;
  readonly expiresAt: number;
  /** `undefined`: nobody knows when it is best to ask again. */
  readonly refreshAt: number | undefined;
  /** The client's name of what it is for, or ours. */
  readonly named: string;
  /** The grant was a token exchange (RFC 8693). */
  readonly isExchanged: boolean;
}

/** Serves an OAuth client as our own token route serves a tool; rejects with a BrokerError. */
export type ExchangeStandard = (request: StandardTokenRequest) => Promise<StandardToken>;

/** What the exchange is made of. */
interface StandardExchangeParts {
  readonly authenticate: Authenticate;
  readonly authenticateClient: AuthenticateClient;
  readonly checkCaller: CheckCaller;
  readonly readTarget: (form: TokenForm) => RequestedTarget;
  readonly resources: Resources;
  readonly serveToken: ServeToken;
  readonly withPatience: WithPatience;
  readonly log: Log;
  readonly now: () => number;
}

/** msal-node keeps no token that ends within 300 s, and a request takes its time. */
const MIN_TTL_MS = 310_000;

/** Creates the exchange: who asks, for what, then the same function as on our own route. */
export function createExchangeStandard(parts: StandardExchangeParts): ExchangeStandard {
  return async (request) => {
    const isExchanged = request.form.find('grant_type') === TOKEN_EXCHANGE;
    const client = await authenticate(parts, request);
    parts.log.note({ caller: client.caller.id });
    const checking = parts.checkCaller(client.caller);
    if (checking !== undefined) await checking;
    const target = parts.readTarget(request.form);
    const token =
      target.kind === 'proxy'
        ? toOwnToken(parts, client, target.named)
        : await getToken(parts, { request, client, target });
    return { ...token, isExchanged };
  };
}

async function authenticate(
  { authenticate: verify, authenticateClient }: StandardExchangeParts,
  { form, authorization, address }: StandardTokenRequest,
): Promise<AuthenticatedClient> {
  const grantType = form.find('grant_type');
  const proof = findClientProof(authorization, form);
  switch (grantType) {
    case 'client_credentials':
      return await authenticateClient(assertProof(proof), address);
    case TOKEN_EXCHANGE: {
      const subject = await authenticateToken(verify, readSubjectToken(form), 'invalid_request');
      if (proof) assertSame(subject, await authenticateClient(proof, address));
      return subject;
    }
    default:
      throw toGrantTypeError(grantType);
  }
}

/** The customer's token. */
async function getToken(
  { serveToken, withPatience, resources }: StandardExchangeParts,
  {
    request: { tenant, correlationId },
    client: { caller },
    target: { resource, named },
  }: {
    request: StandardTokenRequest;
    client: AuthenticatedClient;
    target: Extract<RequestedTarget, { kind: 'api' }>;
  },
): Promise<Omit<StandardToken, 'isExchanged'>> {
  assertRole(caller, 'Tokens.Issue');
  const asked = { caller, tenant, resource, minTtlMs: MIN_TTL_MS, correlationId };
  const token = await withPatience(async () => await serveToken(asked));
  const { accessToken, issuedAt, expiresAt, refreshAt } = token;
  return {
    accessToken,
    issuedAt,
    expiresAt,
    refreshAt,
    named: named ?? resources[resource].identifier,
  };
}

/** The client's own token, for the proxy: no customer's token leaves. */
function toOwnToken(
  { now }: StandardExchangeParts,
  { caller, accessToken }: AuthenticatedClient,
  named: string,
): Omit<StandardToken, 'isExchanged'> {
  assertRole(caller, 'Apis.Call');
  const expiresAt = toExpiry(accessToken);
  return { accessToken, issuedAt: now(), expiresAt, refreshAt: undefined, named };
}

function assertProof(proof: ClientProof | undefined): ClientProof {
  if (proof) return proof;
  throw toInvalidClient(
    'The request does not authenticate its client.',
    'Send client_assertion, client_secret or an Authorization header.',
  );
}

/** A client that presents another client's token gets nothing for it. */
function assertSame(subject: AuthenticatedClient, client: AuthenticatedClient): void {
  if (subject.caller.id === client.caller.id) return;
  throw new BrokerError('invalid_request', "The subject_token is not the client's own token.", {
    owner: 'caller',
    remedy: "Send the client's own access token for the broker's API.",
  });
}

function toGrantTypeError(grantType: string | undefined): BrokerError {
  const remedy = `Use client_credentials or ${TOKEN_EXCHANGE}.`;
  if (grantType === undefined) {
    const description = 'The parameter grant_type is missing.';
    return new BrokerError('invalid_request', description, { owner: 'caller', remedy });
  }
  const description = 'The parameter grant_type is not supported.';
  return new BrokerError('unsupported_grant_type', description, { owner: 'caller', remedy });
}
