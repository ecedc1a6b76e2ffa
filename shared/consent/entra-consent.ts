import type { ConsentFlow } from '../invitations/invitation.ts';

/** Who signed in, from an id_token that was verified (OpenID Connect Core section 3.1.3.7). */
export interface SignedIn {
  readonly tenantId: string;
  readonly userName: string | undefined;
  /**
   * The templates of the directory roles that the person holds; empty where the registration does
   * not ask for them.
   */
  readonly directoryRoles: readonly string[];
}

/** An authorization code with what proves that this attempt asked for it. */
export interface CodeRedemption {
  readonly code: string;
  readonly codeVerifier: string;
  readonly nonce: string;
  /** The tenant whose endpoint issued the code; `undefined`: any work or school account. */
  readonly tenantId: string | undefined;
}

/** What the consent flow needs of Entra's interactive endpoints. */
export interface EntraConsent {
  /** The v2 authorize request with PKCE and nonce; `tenantId` pins the directory. */
  toSignInUrl(request: {
    tenantId: string | undefined;
    state: string;
    nonce: string;
    codeVerifier: string;
  }): string;
  /** The link on which the admin grants the app roles. */
  toConsentUrl(request: {
    flow: ConsentFlow;
    tenantId: string;
    state: string;
    nonce: string;
    codeVerifier: string;
  }): string;
  /** Redeems the sign-in's code; rejects with ConsentRefused `sign_in_failed` or `try_later`. */
  redeemSignIn(redemption: CodeRedemption): Promise<SignedIn>;
  /** Redeems the code of the v1 consent link, to learn from a token whose consent it was. */
  redeemConsent(redemption: CodeRedemption): Promise<SignedIn>;
}
