import { createAdmitCaller } from '../../shared/admit-caller.ts';
import { createRecordIssuance } from '../../shared/audit/record-issuance.ts';
import { createCachedDirectory } from '../../shared/cached-directory.ts';
import { createAuthorize, createMayHaveOfSome } from '../../shared/callers/authorize.ts';
import { type CheckCaller, createCheckCaller } from '../../shared/callers/check-caller.ts';
import type { Grants } from '../../shared/callers/grants.ts';
import { createEpochWatch, type EpochStore } from '../../shared/epoch.ts';
import { createExchangeMemo } from '../../shared/exchange-memo.ts';
import { createResourceParser } from '../../shared/resources/resource.ts';
import { createServeToken, type ServeToken } from '../../shared/serve-token.ts';
import type { Store } from '../../shared/store.ts';
import type { Tenant } from '../../shared/tenants/tenant.ts';
import { createTenantDirectory } from '../../shared/tenants/tenant-directory.ts';
import type { TokenBroker } from '../../shared/tokens/token-broker.ts';
import { RESOURCES } from './access-token.ts';
import { SILENT } from './broker.ts';

/** One process of a broker, as far as tokens go, over ports that the measurement chooses. */
export interface ExchangeProcess {
  readonly serve: ServeToken;
  readonly check: CheckCaller;
  /** How many answers came from the memo. */
  readonly countRemembered: () => number;
}

/** What a process is given. */
interface ExchangeParts {
  readonly broker: TokenBroker;
  readonly tenants: Pick<Store<string, Tenant>, 'find'>;
  readonly grants: Pick<Store<string, Grants>, 'find'>;
  readonly epoch: EpochStore;
  readonly recordIssuance: (callerId: string, tokenHash: string) => Promise<void>;
  readonly now: () => number;
  readonly toEntraTime: (at: number) => number;
}

/** Wires the real exchange, its memo, both directories and the epoch that empties them. */
export function createExchangeProcess(parts: ExchangeParts): ExchangeProcess {
  const { broker, now, toEntraTime } = parts;
  const directory = createTenantDirectory({ tenants: parts.tenants, now });
  const grants = createCachedDirectory<Grants>({ records: parts.grants, now });
  let remembered = 0;
  const forget = () => {
    directory.forget();
    grants.forget();
    broker.forget();
    memo.forget();
  };
  const epoch = createEpochWatch({ epoch: parts.epoch, forget, now });
  const counted = { ...broker, countServed: () => remembered++ };
  const memo = createExchangeMemo({ epoch, grants, directory, broker: counted, now, toEntraTime });
  const getConsentUrl = () => Promise.resolve(undefined);
  const record = ({ callerId, tokenHash }: { callerId: string; tokenHash: string }) =>
    parts.recordIssuance(callerId, tokenHash);
  const serve = createServeToken({
    admit: createAdmitCaller({
      epoch,
      resolveTenant: (name) => Promise.resolve(name),
      authorize: createAuthorize({ grants, log: SILENT, now }),
      mayHaveOfSome: createMayHaveOfSome(grants),
      directory,
      getConsentUrl,
    }),
    parseResource: createResourceParser(RESOURCES),
    recordIssuance: createRecordIssuance({ issuances: { record }, log: SILENT, now }),
    broker,
    memo,
    getConsentUrl,
  });
  const check = createCheckCaller({ epoch, grants, noteCaller: () => undefined });
  return { serve, check, countRemembered: () => remembered };
}
