import type { Authenticate } from '../../shared/callers/authenticate.ts';
import { API_SCOPE } from '../../shared/callers/caller-claims.ts';
import type { Config } from '../../shared/config.ts';
import { createOperatorSignIn } from '../../shared/entra/operator-sign-in.ts';
import { createSignIn } from '../../shared/sessions/sign-in.ts';
import type { Entra } from './entra.ts';
import type { Observer } from './observer.ts';
import type { SignIns } from './sign-ins.ts';

const { now } = Date;

/** Wires the console's sign-in and sessions. */
export function composeConsole(
  { authority, clientId, partnerTenantId, publicBaseUrl, apiAudience }: Config,
  {
    entra,
    signIns,
    authenticate,
    observer,
  }: { entra: Entra; signIns: SignIns; authenticate: Authenticate; observer: Observer },
) {
  const { seal, credential } = entra;
  const { entraFetch: fetch, log } = observer;
  const scope = `${apiAudience}/${API_SCOPE}`;
  return {
    mcp: {
      resource: `${publicBaseUrl}/api/mcp`,
      authorizationServer: `${authority}/${partnerTenantId}/v2.0`,
      scope,
    },
    signIn: createSignIn({
      entra: createOperatorSignIn({
        fetch,
        authority,
        homeTenantId: partnerTenantId,
        clientId,
        redirectUri: `${publicBaseUrl}/auth/callback`,
        apiScope: scope,
        credential,
        verifyIdToken: signIns.verifyIdToken,
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
