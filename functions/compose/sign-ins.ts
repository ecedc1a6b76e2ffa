import type { Config } from '../../shared/config.ts';
import { createConsentEndpoints } from '../../shared/entra/consent-endpoints.ts';
import { createVerifyIdToken } from '../../shared/entra/id-token.ts';
import { DEFAULT_RESOURCE } from '../../shared/resources/resources.ts';
import type { Entra } from './entra.ts';
import type { Observer } from './observer.ts';

/** Where people sign in at Entra, wired. */
export type SignIns = ReturnType<typeof composeSignIns>;

/** Wires the consent endpoints and the check of who signed in. */
export function composeSignIns(
  { authority, clientId, publicBaseUrl, requiredRoles }: Config,
  { entra, observer }: { entra: Entra; observer: Observer },
) {
  const { entraFetch: fetch, entraNow: now } = observer;
  const verifyIdToken = createVerifyIdToken({ fetch, authority, clientId, now });
  const [firstRequired = DEFAULT_RESOURCE] = requiredRoles.keys();
  return {
    verifyIdToken,
    consentEndpoints: createConsentEndpoints({
      fetch,
      authority,
      clientId,
      redirectUri: `${publicBaseUrl}/api/consent/callback`,
      scope: `${entra.resources[firstRequired].identifier}/.default`,
      credential: entra.credential,
      verifyIdToken,
    }),
  };
}
