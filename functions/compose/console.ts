import type { Authenticate } from '../../shared/callers/authenticate.ts';
import { API_SCOPE } from '../../shared/callers/caller-claims.ts';
import type { Config } from '../../shared/config.ts';
import { createOperatorSignIn } from '../../shared/entra/operator-sign-in.ts';
import { createSessionCookies } from '../../shared/sessions/session.ts';
import { createSignIn } from '../../shared/sessions/sign-in.ts';
import type { Entra } from './entra.ts';
import type { Observer } from './observer.ts';

const { now } = Date;

/** Wires the console's sign-in and sessions. */
export function composeConsole(
  { authority, clientId, partnerTenantId, publicBaseUrl, apiAudience }: Config,
  {
    entra,
    authenticate,
    observer,
  }: { entra: Entra; authenticate: Authenticate; observer: Observer },
) {
  const { seal, credential, verifyIdToken } = entra;
  const { entraFetch: fetch, log } = observer;
  const scope = `${apiAudience}/${API_SCOPE}`;
  return {
    publicOrigin: new URL(publicBaseUrl).origin,
    mcp: {
      resource: `${publicBaseUrl}/api/mcp`,
      authorizationServer: `${authority}/${partnerTenantId}/v2.0`,
      scope,
    },
    sessions: createSessionCookies(seal),
    signIn: createSignIn({
      entra: createOperatorSignIn({
        fetch,
        authority,
        homeTenantId: partnerTenantId,
        clientId,
        redirectUri: `${publicBaseUrl}/auth/callback`,
        apiScope: scope,
        credential,
        verifyIdToken,
        now,
      }),
      seal,
      authenticate,
      homeTenantId: partnerTenantId,
      log,
      now,
    }),
  };
}
