import { createHash } from 'node:crypto';
import * as v from 'valibot';
import { type OperatorSignIn, SignInRefused, type SignInTokens } from '../sessions/sign-in.ts';
import { IssueError } from '../tokens/failure.ts';
import { FAILURES } from '../tokens/failure-table.ts';
import type { ClientCredential } from './credential/client-credential.ts';
import type { Fetch } from './entra-http.ts';
import { expiresInSchema } from './expires-in.ts';
import { IdTokenRefused, type VerifyIdToken } from './id-token.ts';
import { requestAsClient } from './token-endpoint.ts';

/** What the home tenant's endpoints are addressed with. */
interface OperatorSignInParts {
  readonly fetch: Fetch;
  readonly authority: string;
  readonly homeTenantId: string;
  readonly clientId: string;
  readonly redirectUri: string;
  /** The delegated scope of our own API. */
  readonly apiScope: string;
  readonly credential: ClientCredential;
  readonly verifyIdToken: VerifyIdToken;
  readonly now: () => number;
}

const answerSchema = v.object({
  access_token: v.string(),
  id_token: v.string(),
  expires_in: expiresInSchema,
});

/**
 * The authorization code flow at the home tenant ("Microsoft identity platform and OAuth 2.0
 * authorization code flow").
 */
export function createOperatorSignIn(parts: OperatorSignInParts): OperatorSignIn {
  const base = `${parts.authority}/${parts.homeTenantId}/oauth2/v2.0`;
  const scope = `openid profile ${parts.apiScope}`;
  return {
    toSignInUrl({ state, nonce, codeVerifier }) {
      const query = new URLSearchParams({
        client_id: parts.clientId,
        redirect_uri: parts.redirectUri,
        response_type: 'code',
        response_mode: 'query',
        scope,
        state,
        nonce,
        code_challenge: createHash('sha256').update(codeVerifier).digest('base64url'),
        code_challenge_method: 'S256',
      });
      return `${base}/authorize?${query}`;
    },
    redeem: async (redemption) =>
      await redeem(parts, { ...redemption, url: `${base}/token`, scope }),
  };
}

interface Redemption {
  readonly url: string;
  readonly scope: string;
  readonly code: string;
  readonly codeVerifier: string;
  readonly nonce: string;
}

async function redeem(parts: OperatorSignInParts, redemption: Redemption): Promise<SignInTokens> {
  const { url, scope, code, codeVerifier, nonce } = redemption;
  const { clientId, redirectUri } = parts;
  try {
    const form = {
      grant_type: 'authorization_code',
      client_id: clientId,
      code,
      redirect_uri: redirectUri,
      code_verifier: codeVerifier,
      scope,
    };
    // The code comes from a browser: whatever Entra says to it is no evidence against the client.
    const { body } = await requestAsClient(parts, { url, form, tenantId: undefined });
    const { access_token, id_token, expires_in } = v.parse(answerSchema, body);
    const signedIn = await parts.verifyIdToken(id_token, { version: 'v2.0', nonce });
    const expiresAt = parts.now() + expires_in * 1000;
    return { ...signedIn, accessToken: access_token, expiresAt };
  } catch (error) {
    throw toRefused(error);
  }
}

/** What somebody else must repair is worth another try; a code or token that is not ours is not. */
function toRefused(error: unknown): SignInRefused {
  if (error instanceof IdTokenRefused) return new SignInRefused('sign_in_failed');
  if (!(error instanceof IssueError)) return new SignInRefused('try_later');
  const { cause, entraCode } = error.failure;
  const isPassing = FAILURES[cause].scope !== 'tenant' || cause === 'throttled';
  return new SignInRefused(isPassing ? 'try_later' : 'sign_in_failed', entraCode);
}
