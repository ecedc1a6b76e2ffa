import { createFleetDirectory } from '../../shared/incidents/coverage/fleet-coverage.ts';
import { createGetRetentionMs } from '../../shared/retention/retention.ts';
import { createValidateToken } from '../../shared/tokens/claims/validate-token.ts';
import type { Services } from '../services.ts';
import { composeAdministration } from './administration.ts';
import { composeConsent } from './consent.ts';
import { composeConsole } from './console.ts';
import type { Core } from './core.ts';
import { composeIncidentApi } from './incident-api.ts';
import { composeIncidents } from './incidents.ts';
import { createLoadOnce } from './load-once.ts';
import { composeOAuthEndpoint } from './oauth-endpoint.ts';
import { composeOffboarding } from './offboarding.ts';
import { composeAudit, composeOperations } from './operations.ts';
import { composeOverview } from './overview.ts';
import { composeProxy } from './proxy.ts';
import { composeRefresher } from './refresh.ts';
import { composeSignIns } from './sign-ins.ts';
import { composeStorage } from './storage.ts';
import { composeWebhooks } from './webhooks.ts';

/** The build puts the version of `package.json` here. */
declare const BROKER_VERSION: string | undefined;

/** Wires the whole broker on top of its core; nothing is connected before it is used. */
export function compose(core: Core): Services {
  const { config, authorize, admit, services } = core;
  const base = composeBase(core);
  const { storage, entra, tokens, observer } = base;
  const { recordEvent } = services;
  const consent = composeConsent(config, base);
  const { sources, writeIncidents, ...sync } = composeIncidents(config, base);
  const incidentParts = { ...base, ...consent, recordEvent, authorize, sources, writeIncidents };
  const { access, incidents, getCoverage } = composeIncidentApi(config, incidentParts);
  const webhooks = composeWebhooks(config, { ...base, access });
  const administration = composeAdministration({ ...base, ...consent });
  const loadHunting = createLoadOnce(async () => {
    const { composeHunting } = await import('./hunting.ts');
    return composeHunting(config, { ...base, authorize });
  });
  const operations = composeOperations(config, { ...base, webhooks, loadHunting });
  return {
    ...services,
    ...consent,
    ...sync,
    ...composeAudit({ storage, resolveTenant: entra.resolveTenant }),
    ...composeOAuthEndpoint(config, { ...services, tokens, observer, resources: entra.resources }),
    callApi: composeProxy(config, { ...base, ...consent, admit, recordEvent }),
    validateToken: createValidateToken({
      ...config,
      resources: entra.resources,
      now: observer.entraNow,
    }),
    ...administration,
    ...composeOverview(config, { ...base, ...administration, ...operations, getCoverage }),
    ...composeOffboarding(config, { ...base, loadHunting }),
    ...composeConsole(config, { ...base, authenticate: services.authenticate }),
    incidents,
    ...webhooks.services,
    loadHunting,
    ...operations,
    refresher: composeRefresher(config, base),
    version: typeof BROKER_VERSION === 'string' ? BROKER_VERSION : 'development',
  };
}

/** What the core stands on, with the tables that a token does not take. */
function composeBase({ config, base }: Core) {
  const storage = composeStorage(base.storage, base);
  const fleet = createFleetDirectory({ ...storage, now: Date.now });
  base.tokens.onForget(fleet.forget);
  return {
    ...base,
    storage,
    fleet,
    signIns: composeSignIns(config, base),
    getRetentionMs: createGetRetentionMs(config),
  };
}
