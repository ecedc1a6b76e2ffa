import { createAuthenticate } from '../../shared/callers/authenticate.ts';
import type { Config } from '../../shared/config.ts';
import { createPublishedKeys } from '../../shared/entra/published-keys.ts';
import type { Observer } from './observer.ts';

const { now } = Date;

/** Wires the check of callers. A v2 token's audience is the client id, a v1 token's the App ID URI. */
export function composeCallers(
  { authority, partnerTenantId, apiAudience }: Config,
  { entraFetch: fetch, entraNow }: Observer,
) {
  const issuers = (['v2.0', 'v1.0'] as const).map((version) =>
    createPublishedKeys({ fetch, of: { authority, tenantId: partnerTenantId, version }, now }),
  );
  const audiences = [apiAudience, apiAudience.replace(/^api:\/\//, '')];
  return {
    authenticate: createAuthenticate({
      issuers,
      audiences,
      homeTenantId: partnerTenantId,
      now: entraNow,
    }),
    // The broker's API is registered for v2 tokens.
    loadCallerKeys: () => issuers[0]?.issuer(),
  };
}
