import { createCachedDirectory } from '../../shared/cached-directory.ts';
import type { Config } from '../../shared/config.ts';
import { createEpochWatch } from '../../shared/epoch.ts';
import { createExchangeMemo } from '../../shared/exchange-memo.ts';
import { createSecretCallers } from '../../shared/oauth/secret-callers.ts';
import { createTenantDirectory } from '../../shared/tenants/tenant-directory.ts';
import { createOutcomeReporter } from '../../shared/tenants/tenant-outcome.ts';
import { createTokenSeal } from '../../shared/tokens/sealed-token.ts';
import { createLeases } from '../../shared/tokens/source/lease.ts';
import { createResealRows } from '../../shared/tokens/source/maintenance.ts';
import { createTokenSource } from '../../shared/tokens/source/token-source.ts';
import { createTokenBroker } from '../../shared/tokens/token-broker.ts';
import type { Entra } from './entra.ts';
import type { Observer } from './observer.ts';
import type { TokenStorage } from './token-storage.ts';

const { now } = Date;

/** The tokens, wired. */
export type Tokens = ReturnType<typeof composeTokens>;

/** Wires both cache levels, the directories and the epoch that empties them. */
export function composeTokens(
  { requiredRoles, incidentSource }: Config,
  { storage, entra, observer }: { storage: TokenStorage; entra: Entra; observer: Observer },
) {
  const { log, metrics, entraNow, toEntraTime } = observer;
  const { tenants, tokens, epoch } = storage;
  const directory = createTenantDirectory({ tenants, now });
  const grants = createCachedDirectory({ records: storage.grants, now });
  const secretCallers = createSecretCallers({ grants: storage.grants, now });
  const forgets: (() => void)[] = [directory.forget, secretCallers.forget, grants.forget];
  const forget = () => {
    for (const forgetOne of forgets) forgetOne();
    broker.forget();
    memo.forget();
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
    matchToken: entra.matchToken,
    requiredRoles,
    report: createOutcomeReporter({ tenants, directory, advanceEpoch, required, log, now }),
    now: entraNow,
  });
  const broker = createTokenBroker({
    source,
    metrics,
    log,
    now: entraNow,
  });
  const memo = createExchangeMemo({ epoch: watch, grants, directory, broker, now, toEntraTime });
  const resealRows = createResealRows({ tokens, seal, ring: entra.ring, log, now: entraNow });
  return {
    directory,
    grants,
    secretCallers,
    broker,
    memo,
    watch,
    resealRows,
    /** Empties another memory, too, whenever the epoch moves on. */
    onForget: (forgetOne: () => void) => forgets.push(forgetOne),
  };
}
