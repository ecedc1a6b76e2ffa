import type { CredentialState } from '../../health/probes.ts';
import type { Failure } from '../../tokens/failure.ts';

/** Form parameters that prove who the client is (RFC 6749 section 2.3, RFC 7523 section 2.2). */
export type ClientProof = Readonly<Record<string, string>>;

/** A proof for one request, and the version of the credential that gave it. */
export interface ClientAuthentication {
  readonly version: string;
  readonly proof: ClientProof;
}

/** An answer of one token endpoint that blames the client. */
export interface ClientRefusal {
  readonly failure: Failure;
  /**
   * Whose endpoint it was; `undefined`: a browser caused the request, so the answer is no evidence.
   */
  readonly tenantId: string | undefined;
}

/**
 * What a refusal of the client came to. `renewed`: another version took the place of the refused
 * one. `confirmed`: the client is refused everywhere, and no request leaves for a while.
 * `unconfirmed`: nothing says that others are concerned.
 */
export type RefusalOutcome = 'renewed' | 'confirmed' | 'unconfirmed';

/** How the client proves itself at a token endpoint. */
export interface ClientCredential {
  /** The proof for that endpoint; rejects with an IssueError. */
  authenticate(tokenEndpoint: string): Promise<ClientAuthentication>;
  /** An endpoint took the client. */
  noteAccepted(): void;
  /**
   * An endpoint refused the client: finds out, from the home tenant, whether the client is to
   * blame. Never rejects.
   */
  handleRefusal(refused: ClientAuthentication, refusal: ClientRefusal): Promise<RefusalOutcome>;
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
