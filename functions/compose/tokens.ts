import { createCachedDirectory } from '../../shared/cached-directory.ts';
import type { Config } from '../../shared/config.ts';
import { createEpochWatch } from '../../shared/epoch.ts';
import { createFleetDirectory } from '../../shared/incidents/coverage/fleet-coverage.ts';
import { createSecretCallers } from '../../shared/oauth/secret-callers.ts';
import { createRefresher } from '../../shared/refresh/refresh.ts';
import { createTenantDirectory } from '../../shared/tenants/tenant-directory.ts';
import { createOutcomeReporter } from '../../shared/tenants/tenant-outcome.ts';
import { createLeases } from '../../shared/tokens/lease.ts';
import { createResealRows } from '../../shared/tokens/maintenance.ts';
import { createTokenSeal } from '../../shared/tokens/sealed-token.ts';
import { createTokenBroker } from '../../shared/tokens/token-broker.ts';
import { createTokenSource } from '../../shared/tokens/token-source.ts';
import type { Entra } from './entra.ts';
import type { Observer } from './observer.ts';
import type { Storage } from './storage.ts';

const { now } = Date;

/** The token path, wired. */
export type Tokens = ReturnType<typeof composeTokens>;

/** Wires both cache levels, the directories and the epoch that empties them. */
export function composeTokens(
  { requiredRoles, incidentSource }: Config,
  { storage, entra, observer }: { storage: Storage; entra: Entra; observer: Observer },
) {
  const { log, metrics, entraNow } = observer;
  const { tenants, tokens, epoch } = storage;
  const directory = createTenantDirectory({ tenants, now });
  const grants = createCachedDirectory({ records: storage.grants, now });
  const fleet = createFleetDirectory({ tenants, syncStates: storage.syncStates, now });
  const secretCallers = createSecretCallers({ grants: storage.grants, now });
  const forget = () => {
    directory.forget();
    secretCallers.forget();
    grants.forget();
    fleet.forget();
    broker.forget();
  };
  const watch = createEpochWatch({ epoch, forget, now });
  const advanceEpoch = watch.advance;
  // The timer asks every tenant for the API of the incidents: that is how a departure is noticed.
  const required = new Set([...requiredRoles.keys(), incidentSource]);
  const seal = createTokenSeal(entra);
  const source = createTokenSource({
    tokens,
    leases: createLeases({ tokens, now: entraNow }),
    seal,
    issueToken: entra.issueToken,
    guard: entra.guard,
    requiredRoles,
    report: createOutcomeReporter({ tenants, directory, advanceEpoch, required, log, now }),
    now: entraNow,
  });
  const broker = createTokenBroker({ source, metrics, log, now: entraNow });
  const resealRows = createResealRows({ tokens, seal, ring: entra.ring, log, now: entraNow });
  return { directory, grants, secretCallers, fleet, broker, watch, resealRows };
}

/** Wires the scheduled refresh. */
export function composeRefresher(
  { incidentSource }: Config,
  { storage, tokens, observer }: { storage: Storage; tokens: Tokens; observer: Observer },
) {
  return createRefresher({
    tenants: storage.tenants,
    tokens: storage.tokens,
    directory: tokens.directory,
    broker: tokens.broker,
    watch: tokens.watch,
    syncResource: incidentSource,
    enqueue: storage.enqueueRefresh,
    enqueueVerification: storage.enqueueVerification,
    resealRows: tokens.resealRows,
    metrics: observer.metrics,
    log: observer.log,
    now: observer.entraNow,
  });
}
