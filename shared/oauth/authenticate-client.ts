import { decodeJwt } from 'jose';
import type { Authenticate } from '../callers/authenticate.ts';
import type { Caller } from '../callers/caller.ts';
import { BrokerError } from '../errors.ts';
import {
  type ClientProof,
  type SecretProof,
  type TokenProof,
  toInvalidClient,
} from './client-proof.ts';

/** A caller with its own access token for the broker's API. */
export interface AuthenticatedClient {
  readonly caller: Caller;
  readonly accessToken: string;
}

/** When a verified access token ends (epoch milliseconds). */
export function toExpiry(accessToken: string): number {
  const { exp = 0 } = decodeJwt(accessToken);
  return exp * 1000;
}

/**
 * Asks the home tenant whether a secret is that client's; rejects with `invalid_client` or
 * `temporarily_unavailable`.
 */
export type VerifySecret = (proof: SecretProof, address: string) => Promise<AuthenticatedClient>;

/** Turns what a client proved itself with into a caller; rejects with `invalid_client`. */
export type AuthenticateClient = (
  proof: ClientProof,
  address: string,
) => Promise<AuthenticatedClient>;

/** Creates the client authentication of the OAuth endpoint. */
export function createAuthenticateClient({
  authenticate,
  verifySecret,
}: {
  authenticate: Authenticate;
  verifySecret: VerifySecret;
}): AuthenticateClient {
  return async (proof, address) => {
    if ('secret' in proof) return await verifySecret(proof, address);
    const { accessToken } = proof;
    const client = await authenticateToken(authenticate, accessToken, 'invalid_client');
    assertClient(proof, client.caller);
    return client;
  };
}

/**
 * Verifies a caller's access token; rejects with the code that the grant has for it instead of
 * `invalid_token`.
 */
export async function authenticateToken(
  authenticate: Authenticate,
  accessToken: string,
  code: 'invalid_client' | 'invalid_request',
): Promise<AuthenticatedClient> {
  try {
    return { caller: await authenticate(`Bearer ${accessToken}`), accessToken };
  } catch (error) {
    if (!(error instanceof BrokerError) || error.code !== 'invalid_token') throw error;
    throw new BrokerError(code, error.message, error.details);
  }
}

/** A token proves its own client only. */
function assertClient({ method, clientId }: TokenProof, caller: Caller): void {
  if (method === 'client_assertion' && caller.kind === 'user') {
    throw toInvalidClient(
      'The client_assertion is the token of a person.',
      'Send the token of an application or managed identity.',
    );
  }
  if (clientId === undefined || clientId === caller.id || caller.kind === 'user') return;
  throw toInvalidClient(
    'The parameter client_id is not the client of the access token.',
    'Send the client id for which the token was issued.',
  );
}
