import { createHash } from 'node:crypto';
import * as v from 'valibot';
import type { CodeRedemption, EntraConsent, SignedIn } from '../consent/entra-consent.ts';
import { ConsentRefused } from '../invitations/refusal.ts';
import { IssueError } from '../tokens/failure.ts';
import { FAILURES } from '../tokens/failure-table.ts';
import type { ClientCredential } from './credential/client-credential.ts';
import type { Fetch } from './entra-http.ts';
import { IdTokenRefused, type VerifyIdToken } from './id-token.ts';
import type { TokenVersion } from './openid-metadata.ts';
import { requestAsClient } from './token-endpoint.ts';

/** What the interactive endpoints are addressed with. */
interface ConsentEndpointParts {
  readonly fetch: Fetch;
  readonly authority: string;
  readonly clientId: string;
  readonly redirectUri: string;
  /** `<App ID URI>/.default`: asks for everything that the registration requires. */
  readonly scope: string;
  readonly credential: ClientCredential;
  readonly verifyIdToken: VerifyIdToken;
}

const answerSchema = v.object({ id_token: v.string() });

/** Entra's sign-in and consent endpoints ("Admin consent on the Microsoft identity platform"). */
export function createConsentEndpoints(parts: ConsentEndpointParts): EntraConsent {
  const { authority, clientId, redirectUri } = parts;
  const toUrl = (path: string, query: Readonly<Record<string, string>>) =>
    `${authority}/${path}?${new URLSearchParams({ client_id: clientId, redirect_uri: redirectUri, ...query })}`;
  const toPkce = (codeVerifier: string) => ({
    code_challenge: createHash('sha256').update(codeVerifier).digest('base64url'),
    code_challenge_method: 'S256',
  });

  return {
    toSignInUrl: ({ tenantId, state, nonce, codeVerifier }) =>
      toUrl(`${tenantId ?? 'organizations'}/oauth2/v2.0/authorize`, {
        response_type: 'code',
        response_mode: 'query',
        scope: 'openid profile',
        prompt: 'select_account',
        state,
        nonce,
        ...toPkce(codeVerifier),
      }),
    toConsentUrl: ({ flow, tenantId, state, nonce, codeVerifier }) =>
      flow === 'adminconsent'
        ? toUrl(`${tenantId}/v2.0/adminconsent`, { scope: parts.scope, state })
        : toUrl('common/oauth2/authorize', {
            response_type: 'code',
            response_mode: 'query',
            prompt: 'consent',
            sso_reload: 'true',
            state,
            nonce,
            ...toPkce(codeVerifier),
          }),
    redeemSignIn: (redemption) =>
      redeem(parts, redemption, {
        path: `${redemption.tenantId ?? 'organizations'}/oauth2/v2.0/token`,
        version: 'v2.0',
        form: { scope: 'openid profile' },
      }),
    redeemConsent: (redemption) =>
      redeem(parts, redemption, { path: 'common/oauth2/token', version: 'v1.0', form: {} }),
  };
}

interface Endpoint {
  readonly path: string;
  readonly version: TokenVersion;
  readonly form: Readonly<Record<string, string>>;
}

/** RFC 6749 section 4.1.3 with RFC 7636 section 4.5; only the id_token of the answer is used. */
async function redeem(
  { fetch, authority, clientId, redirectUri, credential, verifyIdToken }: ConsentEndpointParts,
  { code, codeVerifier, nonce }: CodeRedemption,
  { path, version, form }: Endpoint,
): Promise<SignedIn> {
  const url = `${authority}/${path}`;
  try {
    const redemption = {
      grant_type: 'authorization_code',
      client_id: clientId,
      code,
      redirect_uri: redirectUri,
      code_verifier: codeVerifier,
      ...form,
    };
    // The code comes from a browser: whatever Entra says to it is no evidence against the client.
    const request = { url, form: redemption, tenantId: undefined };
    const { body } = await requestAsClient({ fetch, credential }, request);
    const { id_token } = v.parse(answerSchema, body);
    return await verifyIdToken(id_token, { version, nonce });
  } catch (error) {
    throw toRefused(error);
  }
}

/** What somebody else must repair is worth another try; a code or token that is not ours is not. */
function toRefused(error: unknown): ConsentRefused {
  if (!(error instanceof IssueError)) {
    return new ConsentRefused(error instanceof IdTokenRefused ? 'sign_in_failed' : 'try_later');
  }
  const { cause, entraCode } = error.failure;
  const isPassing = FAILURES[cause].scope !== 'tenant' || cause === 'throttled';
  return new ConsentRefused(isPassing ? 'try_later' : 'sign_in_failed', { entraCode });
}
