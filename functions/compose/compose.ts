import { createAzureClients } from '../../shared/azure/clients/clients.ts';
import { createAuthorize } from '../../shared/callers/authorize.ts';
import type { Config } from '../../shared/config.ts';
import type { Metrics } from '../../shared/telemetry/metrics.ts';
import type { InvocationLog } from '../log.ts';
import type { Services } from '../services.ts';
import { createWarmUp } from '../warm-up.ts';
import { composeAdministration } from './administration.ts';
import { composeAuthority } from './authority.ts';
import { composeCallers } from './callers.ts';
import { composeConsent } from './consent.ts';
import { composeConsole } from './console.ts';
import { composeEntra } from './entra.ts';
import { composeExchange } from './exchange.ts';
import { composeIncidentApi } from './incident-api.ts';
import { composeIncidents } from './incidents.ts';
import { composeKeys } from './keys.ts';
import { createLoadHunting } from './load-hunting.ts';
import { composeObserver } from './observer.ts';
import { composeOffboarding } from './offboarding.ts';
import { composeAudit, composeOperations } from './operations.ts';
import { composeOverview } from './overview.ts';
import { composeStorage } from './storage.ts';
import { composeRefresher, composeTokens } from './tokens.ts';
import { composeWebhooks } from './webhooks.ts';

const { now } = Date;

/** The build puts the version of `package.json` here. */
declare const BROKER_VERSION: string | undefined;

/** Wires the whole broker from its configuration; nothing is connected before it is used. */
export function compose(
  config: Config,
  { log, metrics }: { log: InvocationLog; metrics: Metrics },
): Services {
  const { azure, authority, ...base } = composeBase(config, { log, metrics });
  const { observer, storage, entra, tokens } = base;
  const { record: recordEvent, flush: recordChanges } = authority.journal;
  const consent = composeConsent(config, base);
  const { loadCallerKeys, ...callers } = composeCallers(config, base);
  const authorize = createAuthorize({ grants: tokens.grants, log, now });
  const { sources, writeIncidents, ...sync } = composeIncidents(config, base);
  const incidentParts = { ...base, ...consent, recordEvent, authorize, sources, writeIncidents };
  const { access, incidents, getCoverage } = composeIncidentApi(config, incidentParts);
  const webhooks = composeWebhooks(config, { ...base, access });
  const administration = composeAdministration({ ...base, ...consent });
  const loadHunting = createLoadHunting(config, { ...base, authorize });
  const operations = composeOperations(config, {
    ...base,
    azure,
    authority,
    webhooks,
    loadHunting,
  });
  return {
    ...consent,
    ...sync,
    ...composeAudit({ storage, resolveTenant: entra.resolveTenant }),
    ...composeExchange(config, { ...base, ...consent, ...callers, authorize, recordEvent }),
    ...administration,
    ...composeOverview(config, { ...administration, ...operations, tokens, getCoverage }),
    ...composeOffboarding(config, { ...base, loadHunting }),
    ...composeConsole(config, { ...base, ...callers }),
    ...callers,
    recordEvent,
    recordChanges,
    openMessage: storage.openMessage,
    incidents,
    ...webhooks.services,
    loadHunting,
    ...operations,
    refresher: composeRefresher(config, base),
    warmUp: createWarmUp([loadCallerKeys, entra.ring.current, tokens.watch.ensureCurrent]),
    ...toSurroundings(config),
    exporter: observer.exporter,
    log,
  };
}

/** How browsers and tools reach the broker. */
function toSurroundings({ publicBaseUrl }: Config) {
  const version = typeof BROKER_VERSION === 'string' ? BROKER_VERSION : 'development';
  return { publicBaseUrl, version, isSecure: publicBaseUrl.startsWith('https:') };
}

/** Wires what everything else stands on: keys, the ledger, Entra, storage and the token path. */
function composeBase(config: Config, { log, metrics }: { log: InvocationLog; metrics: Metrics }) {
  const observer = composeObserver(config, { log, metrics });
  const azure = createAzureClients(config);
  const keys = composeKeys(config, azure, log);
  const authority = composeAuthority(azure, { seal: keys.seal, log });
  const recordEvent = authority.journal.record;
  const entra = composeEntra(config, { azure, keys, recordEvent, observer });
  const storage = composeStorage(azure, { seal: keys.seal, authority, log });
  const tokens = composeTokens(config, { storage, entra, observer });
  return { azure, authority, observer, entra, storage, tokens, log };
}
