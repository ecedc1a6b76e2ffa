import { type AccessTokenClaims, toTokenHash } from './claims/access-token.ts';
import type { OpenToken } from './sealed-token.ts';
import type { TokenKey } from './token-record.ts';

/** A token ready to be handed out. */
export interface BrokeredToken extends OpenToken, TokenKey {
  readonly claims: AccessTokenClaims;
  /** What the ledger knows it by, computed once. */
  readonly tokenHash: string;
  /** The last refresh failed; the token still works. */
  readonly degraded: boolean;
}

/** What a token is wanted for. */
export interface Need {
  /** The stored token will do: Entra need not be asked. */
  enough(token: OpenToken): boolean;
  /** The stored token may be served while another process asks Entra. */
  acceptable(token: OpenToken): boolean;
  /** A caller asked, not the timer: the timer keeps fresh what callers ask for. */
  readonly demand: boolean;
}

/** Where an obtained token came from. */
export interface Obtained {
  readonly token: BrokeredToken;
  readonly source: 'table' | 'entra';
}

/** A token of a key, ready to be handed out. */
export function toBrokered(
  { tenantId, resource }: TokenKey,
  open: OpenToken,
  claims: AccessTokenClaims,
): BrokeredToken {
  const tokenHash = toTokenHash(open.accessToken);
  return { ...open, claims, tokenHash, tenantId, resource, degraded: false };
}
