import { type AccessTokenClaims, toTokenHash } from './claims/access-token.ts';
import type { OpenToken } from './sealed-token.ts';
import type { TokenKey } from './token-record.ts';

/** A token ready to be handed out. */
export interface BrokeredToken extends OpenToken, TokenKey {
  /** What answers and the ledger say of it; all else was compared, and is in the token. */
  readonly claims: Pick<AccessTokenClaims, 'roles' | 'uti'>;
  /** What the ledger knows it by, computed once. */
  readonly tokenHash: string;
  /** The last refresh failed; the token still works. */
  readonly degraded: boolean;
}

/** What a token is wanted for. */
export interface Need {
  /** The stored token will do: Entra need not be asked. */
  isFreshEnough(token: OpenToken): boolean;
  /** The stored token may be served while another process asks Entra. */
  isServableMeanwhile(token: OpenToken): boolean;
  /** A caller asked, not the timer: the timer keeps fresh what callers ask for. */
  readonly isRequestedByCaller: boolean;
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
  { roles, uti }: AccessTokenClaims,
): BrokeredToken {
  const tokenHash = toTokenHash(open.accessToken);
  return { ...open, claims: { roles, uti }, tokenHash, tenantId, resource, degraded: false };
}
