import type { BrokerToken } from '../broker-token.ts';
import type { Authenticate } from '../callers/authenticate.ts';
import { assertRole, type Caller } from '../callers/caller.ts';
import { BrokerError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { ResourceName } from '../tokens/resource.ts';
import type { BrokeredToken } from '../tokens/token-source.ts';
import { type AuthenticateClient, authenticateToken } from './authenticate-client.ts';
import { type ClientProof, findClientProof, toInvalidClient } from './client-proof.ts';
import { type RequestedResource, readResource } from './requested-resource.ts';
import { readSubjectToken, TOKEN_EXCHANGE } from './token-exchange.ts';
import type { TokenForm } from './token-form.ts';

/** A token request of an unmodified OAuth client. */
export interface StandardTokenRequest {
  /** GUID or verified domain, from the path. */
  readonly tenant: string;
  readonly form: TokenForm;
  readonly authorization: string | undefined;
  /** Where the request comes from, as the front end saw it. */
  readonly address: string;
  readonly correlationId: string;
}

/** The token with how it was asked for. */
export interface StandardToken {
  readonly token: BrokeredToken;
  /** The client's name of the API; `undefined`: it named none. */
  readonly named: string | undefined;
  /** The grant was a token exchange (RFC 8693). */
  readonly isExchanged: boolean;
}

/** Serves an OAuth client as our own token route serves a tool; rejects with a BrokerError. */
export type ExchangeStandard = (request: StandardTokenRequest) => Promise<StandardToken>;

/** msal-node keeps no token that ends within 300 s, and a request takes its time. */
const MIN_TTL_MS = 310_000;

/** Creates the exchange: who asks, for which API, then the same function as on our own route. */
export function createExchangeStandard(parts: {
  authenticate: Authenticate;
  authenticateClient: AuthenticateClient;
  parseResource: (value: string) => ResourceName;
  brokerToken: BrokerToken;
  log: Log;
}): ExchangeStandard {
  const { parseResource, brokerToken, log } = parts;

  const getToken = async (
    { tenant, form, correlationId }: StandardTokenRequest,
    caller: Caller,
  ): Promise<RequestedResource & { token: BrokeredToken }> => {
    log.note({ caller: caller.id });
    assertRole(caller, 'Tokens.Issue');
    const asked = readResource(form, parseResource);
    const about = { tenant, resource: asked.resource, correlationId };
    return { ...asked, token: await brokerToken({ ...about, caller, minTtlMs: MIN_TTL_MS }) };
  };

  return async (request) => {
    const { form, authorization, address } = request;
    const grantType = form.find('grant_type');
    const proof = findClientProof(authorization, form);
    switch (grantType) {
      case 'client_credentials': {
        const caller = await parts.authenticateClient(assertProof(proof), address);
        return { ...(await getToken(request, caller)), isExchanged: false };
      }
      case TOKEN_EXCHANGE: {
        const token = readSubjectToken(form);
        const subject = await authenticateToken(parts.authenticate, token, 'invalid_request');
        if (proof) assertSame(subject, await parts.authenticateClient(proof, address));
        return { ...(await getToken(request, subject)), isExchanged: true };
      }
      default:
        throw toGrantTypeError(grantType);
    }
  };
}

function assertProof(proof: ClientProof | undefined): ClientProof {
  if (proof) return proof;
  throw toInvalidClient(
    'The request does not authenticate its client.',
    'Send client_assertion, client_secret or an Authorization header.',
  );
}

/** Who presents somebody else's token gets nothing for it. */
function assertSame(subject: Caller, client: Caller): void {
  if (subject.id === client.id) return;
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
