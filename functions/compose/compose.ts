import { createRecordIssuance } from '../../shared/audit/record-issuance.ts';
import { createAzureClients } from '../../shared/azure/clients.ts';
import { createBrokerToken } from '../../shared/broker-token.ts';
import { createAuthorize } from '../../shared/callers/authorize.ts';
import { createGrantAdministration } from '../../shared/callers/grant-administration.ts';
import { createSimulate } from '../../shared/callers/simulation.ts';
import type { Config } from '../../shared/config.ts';
import { createNoteTimerRun } from '../../shared/health/timer-runs.ts';
import type { Log } from '../../shared/log.ts';
import { createTenantAdministration } from '../../shared/tenants/administration.ts';
import { createResourceParser } from '../../shared/tokens/resource.ts';
import { createValidateToken } from '../../shared/tokens/validate-token.ts';
import type { Services } from '../services.ts';
import { composeAuthenticate } from './callers.ts';
import { composeConsent } from './consent.ts';
import { composeEntra } from './entra.ts';
import { composeIncidentApi } from './incident-api.ts';
import { composeAudit, composeHealth, composeSweep } from './operations.ts';
import { composeStorage } from './storage.ts';
import { composeRefresher, composeTokens } from './tokens.ts';

const { now } = Date;

/** Wires the whole broker from its configuration; nothing is connected before it is used. */
export function compose(config: Config, log: Log): Services {
  const azure = createAzureClients(config);
  const storage = composeStorage(azure, log);
  const entra = composeEntra(config, azure, log);
  const tokens = composeTokens(config, { storage, entra, log });
  const outer = { storage, entra, tokens, log };
  const consent = composeConsent(config, outer);
  const { tenants, grants, syncStates } = storage;
  const { resolveTenant, resources } = entra;
  const { watch } = tokens;
  const { verifier, getConsentUrl } = consent;
  const authorize = createAuthorize({ grants: tokens.grants, log, now });
  const audit = composeAudit({ storage, resolveTenant });
  const changes = { tenants, syncStates, advanceEpoch: watch.advance, log, now };
  const parseResource = createResourceParser(resources);
  const { requiredRoles, clientId } = config;
  return {
    ...consent,
    authenticate: composeAuthenticate(config),
    brokerToken: createBrokerToken({
      ...tokens,
      epoch: watch,
      resolveTenant,
      parseResource,
      recordIssuance: createRecordIssuance({ issuances: storage.issuances, now }),
      authorize,
      getConsentUrl,
    }),
    parseResource,
    validateToken: createValidateToken({ resources, requiredRoles, clientId, now }),
    tenants,
    administration: createTenantAdministration({ ...changes, resolveTenant, verifier }),
    grantAdministration: createGrantAdministration({ ...changes, grants }),
    simulate: createSimulate({ grants, tenants, resolveTenant, parseResource }),
    ...audit,
    sweep: composeSweep(config, storage, log),
    incidents: composeIncidentApi(config, { ...outer, ...consent, ...audit, authorize }),
    refresher: composeRefresher(config, outer),
    getHealth: composeHealth(config, { azure, storage, entra }),
    noteTimerRun: createNoteTimerRun({ runs: storage.timerRuns, log, now }),
    isSecure: config.publicBaseUrl.startsWith('https:'),
    log,
  };
}
