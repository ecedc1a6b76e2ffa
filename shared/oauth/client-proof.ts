import { BrokerError } from '../errors.ts';
import { findGuid } from '../guid.ts';
import { parseBasic } from './basic.ts';
import type { TokenForm } from './token-form.ts';

/** How a client proves who it is at the token endpoint. */
export type ClientProof = SecretProof | TokenProof;

/** The client's own secret, as its registration in the home tenant has it. */
export interface SecretProof {
  readonly method: 'client_secret_basic' | 'client_secret_post';
  readonly clientId: string;
  readonly secret: string;
}

/** The client's access token for the broker's API. */
export interface TokenProof {
  readonly method: 'client_assertion' | 'bearer';
  /** `undefined`: the request names no client. */
  readonly clientId: string | undefined;
  readonly accessToken: string;
}

/** RFC 7523 section 2.2. */
const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/**
 * Reads the one proof that a token request carries; `undefined`: none. Throws `invalid_request` for
 * several, and `invalid_client` for one that can't be read.
 */
export function findClientProof(
  authorization: string | undefined,
  form: TokenForm,
): ClientProof | undefined {
  const proofs = [
    findHeaderProof(authorization, form),
    findPostedSecret(form),
    findAssertion(form),
  ].filter((proof) => proof !== undefined);
  if (proofs.length <= 1) return proofs[0];
  throw toRequestError(
    'The request authenticates its client in more than one way.',
    'Send either an Authorization header, or client_secret, or client_assertion.',
  );
}

/** For a client that nobody can be sure of; says the same whatever is wrong with its secret. */
export function toInvalidClient(description: string, remedy: string): BrokerError {
  return new BrokerError('invalid_client', description, { owner: 'caller', remedy });
}

function findHeaderProof(
  authorization: string | undefined,
  form: TokenForm,
): ClientProof | undefined {
  if (authorization === undefined || authorization === '') return undefined;
  const space = authorization.indexOf(' ');
  const scheme = authorization.slice(0, space).toLowerCase();
  const credentials = authorization.slice(space + 1).trim();
  if (scheme === 'bearer') {
    return { method: 'bearer', clientId: findClientId(form), accessToken: credentials };
  }
  if (scheme === 'basic') return parseBasicProof(credentials, form);
  throw toRequestError(
    'The Authorization header has an unknown scheme.',
    'Use Basic with client id and secret, or Bearer with an access token.',
  );
}

function parseBasicProof(credentials: string, form: TokenForm): SecretProof {
  const basic = parseBasic(credentials);
  const clientId = findGuid(basic?.user ?? '');
  if (!basic || !clientId) {
    throw toInvalidClient(
      'The Basic credentials are not a client id and a secret.',
      'Send base64 of the client id, a colon and the secret, each form-encoded.',
    );
  }
  const posted = findClientId(form);
  if (posted !== undefined && posted !== clientId) {
    throw toRequestError(
      'The parameter client_id differs from the Authorization header.',
      'Send the client id once.',
    );
  }
  return { method: 'client_secret_basic', clientId, secret: basic.password };
}

function findPostedSecret(form: TokenForm): SecretProof | undefined {
  const secret = form.find('client_secret');
  if (secret === undefined) return undefined;
  const clientId = findClientId(form);
  if (clientId !== undefined) return { method: 'client_secret_post', clientId, secret };
  throw toRequestError('The parameter client_id is missing.', "Send the client's id (GUID).");
}

function findAssertion(form: TokenForm): TokenProof | undefined {
  const accessToken = form.find('client_assertion');
  if (accessToken === undefined) return undefined;
  if (form.find('client_assertion_type') === ASSERTION_TYPE) {
    return { method: 'client_assertion', clientId: findClientId(form), accessToken };
  }
  throw toRequestError(
    'The parameter client_assertion_type is not acceptable.',
    `Send ${ASSERTION_TYPE}.`,
  );
}

/** Lower case; throws `invalid_client` for what can't be a client's id. */
function findClientId(form: TokenForm): string | undefined {
  const text = form.find('client_id');
  if (text === undefined) return undefined;
  const clientId = findGuid(text);
  if (clientId) return clientId;
  throw toInvalidClient('The parameter client_id is not a client id.', 'Send its GUID.');
}

function toRequestError(description: string, remedy: string): BrokerError {
  return new BrokerError('invalid_request', description, { owner: 'caller', remedy });
}
