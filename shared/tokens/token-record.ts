import type { Lease } from '../lease/leases.ts';
import type { ResourceName } from '../resources/resources.ts';
import type { Store } from '../store.ts';
import type { Failure } from './failure.ts';

/** Exactly one token: a tenant and an API. */
export interface TokenKey {
  readonly tenantId: string;
  readonly resource: ResourceName;
}

/** The key as one string, for maps. */
export function toKeyText({ tenantId, resource }: TokenKey): string {
  return `${tenantId}|${resource}`;
}

/** A token at rest: encrypted, with the times that scheduling needs. Epoch milliseconds. */
interface StoredToken {
  /** Compact JWE, see sealed-token.ts. */
  readonly sealed: string;
  readonly issuedAt: number;
  readonly expiresAt: number;
  readonly refreshAt: number;
}

/** A failure that holds further requests to Entra back until `retryAt`. */
export interface TokenRetryState extends Failure {
  /** How many times in a row. */
  readonly count: number;
  readonly at: number;
  readonly retryAt: number;
}

/** The second cache level: one row per tenant and API, which is also the lease on refreshing it. */
export interface TokenRecord extends TokenKey {
  readonly token: StoredToken | undefined;
  /**
   * When a caller last asked, to the hour; the timer refreshes what was asked for in the last day.
   */
  readonly requestedAt: number | undefined;
  readonly retryState: TokenRetryState | undefined;
  readonly lease: Lease | undefined;
  /** Grows with each lease; a writer whose number is no longer the row's has lost its lease. */
  readonly fence: number;
}

/** What the refresh timer needs of a row. */
export type TokenSummary = TokenKey & {
  readonly refreshAt: number | undefined;
  readonly expiresAt: number | undefined;
  readonly requestedAt: number | undefined;
  readonly retryAt: number | undefined;
  readonly failures: number;
  /** The key that sealed the token; `undefined`: written before keys were noted, or no token. */
  readonly keyId: string | undefined;
};

/** The tokens' rows. */
export interface TokenStore extends Store<TokenKey, TokenRecord> {
  /** Every row, without its secrets, page by page. */
  summaries(): AsyncIterable<readonly TokenSummary[]>;
  /** Removes every row of a tenant; answers how many. */
  removeTenant(tenantId: string): Promise<number>;
}

/** A key that was never asked for. */
export function createTokenRecord({ tenantId, resource }: TokenKey): TokenRecord {
  return {
    tenantId,
    resource,
    token: undefined,
    requestedAt: undefined,
    retryState: undefined,
    lease: undefined,
    fence: 0,
  };
}
