import { createAuthenticate } from '../../shared/callers/authenticate.ts';
import { listUserClients } from '../../shared/callers/caller-claims.ts';
import { createCheckCaller, withCheck } from '../../shared/callers/check-caller.ts';
import type { Config } from '../../shared/config.ts';
import { createPublishedKeys } from '../../shared/entra/published-keys.ts';
import { createRenewal } from '../../shared/webhooks/renewal.ts';
import type { Entra } from './entra.ts';
import type { Observer } from './observer.ts';
import type { TokenStorage } from './token-storage.ts';
import type { Tokens } from './tokens.ts';

const { now } = Date;

/**
 * Wires the check of callers. A v2 token's audience is the client id, a v1 token's the App ID URI.
 */
export function composeCallers(
  { authority, partnerTenantId, apiAudience, clientId, ...config }: Config,
  {
    observer: { entraFetch: fetch, entraNow },
    entra,
    storage,
    tokens,
  }: { entra: Entra; observer: Observer; storage: TokenStorage; tokens: Tokens },
) {
  const issuers = (['v2.0', 'v1.0'] as const).map((version) =>
    createPublishedKeys({ fetch, of: { authority, tenantId: partnerTenantId, version }, now }),
  );
  const audiences = [apiAudience, apiAudience.replace(/^api:\/\//, '')];
  const identify = createAuthenticate({
    issuers,
    audiences,
    homeTenantId: partnerTenantId,
    userClients: listUserClients({ consoleClientId: clientId, ...config }),
    now: entraNow,
  });
  const renewal = createRenewal({ subscriptions: storage.subscriptions, now });
  const checkCaller = createCheckCaller({
    epoch: tokens.watch,
    grants: tokens.grants,
    noteCaller: renewal.note,
  });
  return {
    identify,
    checkCaller,
    budgets: entra.budgets,
    authenticate: withCheck(identify, checkCaller),
    // The broker's API is registered for v2 tokens.
    loadCallerKeys: () => issuers[0]?.issuer(),
  };
}
