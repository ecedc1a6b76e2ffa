import { createHash } from 'node:crypto';
import type { Call, EntraState } from '../context.ts';
import { getTenant } from '../directory.ts';
import { EntraError } from '../errors.ts';
import { CODE_LIFETIME, type CodeGrant } from '../sign-in/codes.ts';
import { issueIdToken, issueUserToken, type SignedIn } from '../tokens/id-tokens.ts';
import { requireApplication, requireServicePrincipal } from './client.ts';
import { authenticateClient, readClientProof } from './client-authentication.ts';
import { noStore } from './client-credentials.ts';
import { type Form, requireParameter } from './form.ts';

/** The authorization code grant (RFC 6749 section 4.1.3) with PKCE (RFC 7636). */
export async function redeemCode(state: EntraState, call: Call, form: Form): Promise<Response> {
  const proof = readClientProof(call, form);
  const code = requireParameter(form, 'code');
  const redirectUri = requireParameter(form, 'redirect_uri');
  const application = requireApplication(state, call, proof.clientId);
  await authenticateClient(state, call, { application, proof });
  const grant = requireCode(state, call, { code, clientId: application.clientId });
  if (grant.redirectUri !== redirectUri) {
    throw new EntraError(
      500112,
      'The reply address does not match the reply address provided when requesting Authorization code.',
    );
  }
  checkVerifier(grant, form.get('code_verifier'));
  const tenant = getTenant(state.directory, grant.tenantId);
  requireServicePrincipal(call, application, tenant);
  const user = tenant.users.find(({ oid }) => oid === grant.oid);
  if (user === undefined) throw new EntraError(70000, 'The user of the code no longer exists.');
  grant.redeemed = true;
  const who = { tenant, user, clientId: application.clientId, nonce: grant.nonce };
  return noStore(await toTokens(state, call, { who, grant, form }));
}

async function toTokens(
  state: EntraState,
  call: Call,
  { who, grant, form }: { who: SignedIn; grant: CodeGrant; form: Form },
): Promise<object> {
  const scopes = grant.scope.split(' ');
  const idToken = call.version === 1 || scopes.includes('openid');
  const info = { uid: who.user.oid, utid: who.tenant.tenantId };
  return {
    token_type: 'Bearer',
    scope: scopes.filter((scope) => scope !== 'offline_access').join(' '),
    expires_in: call.version === 1 ? '3599' : 3599,
    ext_expires_in: call.version === 1 ? '3599' : 3599,
    access_token: await issueUserToken(state, call, { ...who, scope: grant.scope }),
    ...(idToken ? { id_token: await issueIdToken(state, call, who) } : {}),
    // MSAL asks for this and names its cached account after it.
    ...(form.get('client_info') === '1'
      ? { client_info: Buffer.from(JSON.stringify(info)).toString('base64url') }
      : {}),
  };
}

function requireCode(
  { codes }: EntraState,
  call: Call,
  { code, clientId }: { readonly code: string; readonly clientId: string },
): CodeGrant {
  const grant = codes.find(code);
  if (grant === undefined || grant.clientId !== clientId) {
    throw new EntraError(70000, 'Provided grant is invalid or malformed.');
  }
  if (grant.redeemed) {
    throw new EntraError(54005, 'OAuth2 Authorization code was already redeemed.');
  }
  if (call.now - grant.issuedAt >= CODE_LIFETIME) {
    throw new EntraError(70008, 'The provided authorization code has expired due to inactivity.');
  }
  if (grant.path !== (call.tenant?.tenantId ?? call.segment)) {
    throw new EntraError(
      700005,
      'Provided Authorization Code is intended to use against other tenant, thus rejected. ' +
        'OAuth2 Authorization Code must be redeemed against same tenant it was acquired for.',
    );
  }
  return grant;
}

function checkVerifier({ challenge }: CodeGrant, verifier: string | undefined): void {
  if (challenge === undefined && verifier === undefined) return;
  if (challenge !== undefined && verifier !== undefined) {
    const { value, method } = challenge;
    const derived =
      method === 'plain' ? verifier : createHash('sha256').update(verifier).digest('base64url');
    if (derived === value) return;
  }
  throw new EntraError(
    501481,
    'The Code_Verifier does not match the code_challenge supplied in the authorization request.',
  );
}
