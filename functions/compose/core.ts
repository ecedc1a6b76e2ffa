import { createAzureClients } from '../../shared/azure/clients/clients.ts';
import { createAuthorize } from '../../shared/callers/authorize.ts';
import type { Config } from '../../shared/config.ts';
import { createEndedSessions } from '../../shared/sessions/ended-sessions.ts';
import { createSessionCookies } from '../../shared/sessions/session.ts';
import type { Metrics } from '../../shared/telemetry/metrics.ts';
import type { GetConsentUrl } from '../../shared/tenants/consent-url.ts';
import type { InvocationLog } from '../log.ts';
import type { TokenServices } from '../services.ts';
import { createWarmUp } from '../warm-up.ts';
import { composeAuthority } from './authority.ts';
import { composeCallers } from './callers.ts';
import { composeEntra } from './entra.ts';
import { composeExchange } from './exchange.ts';
import { composeKeys } from './keys.ts';
import { composeObserver } from './observer.ts';
import { composeTokenStorage } from './token-storage.ts';
import { composeTokens } from './tokens.ts';

const { now } = Date;

/** The core of the broker: what a token needs, and what all else stands on. */
export type Core = ReturnType<typeof composeCore>;

/** What the core is given; whatever it needs seldom is loaded with the other services. */
export interface CoreParts {
  readonly log: InvocationLog;
  readonly metrics: Metrics;
  readonly getConsentUrl: GetConsentUrl;
}

/** Wires the token path from the configuration; nothing is connected before it is used. */
export function composeCore(config: Config, parts: CoreParts) {
  const { getConsentUrl } = parts;
  const base = composeBase(config, parts);
  const { storage, entra, tokens, authority, observer, log } = base;
  const { record: recordEvent, flush: recordChanges } = authority.journal;
  const { loadCallerKeys, ...callers } = composeCallers(config, base);
  const authorize = createAuthorize({ grants: tokens.grants, log, now });
  const exchange = composeExchange({ ...base, authorize, getConsentUrl });
  const services: TokenServices = {
    ...callers,
    serveToken: exchange.serveToken,
    parseResource: exchange.parseResource,
    entraNow: observer.entraNow,
    sessions: createSessionCookies(
      entra.seal,
      createEndedSessions({ rows: storage.endedSessions, now }),
    ),
    recordEvent,
    recordChanges,
    refusals: authority.refusals,
    openMessage: storage.openMessage,
    hasLedger: authority.hasLedger,
    warmUp: createWarmUp([loadCallerKeys, entra.ring.current, tokens.watch.ensureCurrent]),
    ...toSurroundings(config),
    exporter: observer.exporter,
    log,
  };
  return { config, base, authorize, admit: exchange.admit, services };
}

/** How browsers and tools reach the broker. */
function toSurroundings({ publicBaseUrl }: Config) {
  return {
    publicBaseUrl,
    publicOrigin: new URL(publicBaseUrl).origin,
    isSecure: publicBaseUrl.startsWith('https:'),
  };
}

/** Wires what everything else stands on: keys, the ledger, Entra, storage and the tokens. */
function composeBase(config: Config, { log, metrics }: CoreParts) {
  const observer = composeObserver(config, { log, metrics });
  const azure = createAzureClients(config);
  const keys = composeKeys(config, azure, log);
  const authority = composeAuthority(azure, { seal: keys.seal, log });
  const recordEvent = authority.journal.record;
  const entra = composeEntra(config, { azure, keys, recordEvent, observer });
  const storage = composeTokenStorage(azure, { seal: keys.seal, authority, log });
  const tokens = composeTokens(config, { storage, entra, observer });
  return { azure, authority, observer, entra, storage, tokens, log };
}
