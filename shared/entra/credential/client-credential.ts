import type { CredentialState } from '../../health/probes.ts';
import type { Failure } from '../../tokens/failure.ts';

/** Form parameters that prove who the client is (RFC 6749 section 2.3, RFC 7523 section 2.2). */
export type ClientProof = Readonly<Record<string, string>>;

/** A proof for one request, and the version of the credential that gave it. */
export interface ClientAuthentication {
  readonly version: string;
  readonly proof: ClientProof;
}

/** How the client proves itself at a token endpoint. */
export interface ClientCredential {
  /** The proof for that endpoint; rejects with an IssueError. */
  authenticate(tokenEndpoint: string): Promise<ClientAuthentication>;
  /** Entra refused this one: looks for another. `true`: there is one, try again. */
  renew(refused: ClientAuthentication, failure: Failure): Promise<boolean>;
  /** Entra refuses us whatever we show: it is left alone for a while. */
  hold(failure: Failure): void;
  /** What is known now, without asking anybody. */
  describe(): CredentialState;
}

/** A client assertion as form parameters (RFC 7523 section 2.2). */
export function toAssertionProof(assertion: string): ClientProof {
  return {
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: assertion,
  };
}
