import { randomUUID } from 'node:crypto';
import { createAdmitCaller } from '../../shared/admit-caller.ts';
import { createRecordIssuance } from '../../shared/audit/record-issuance.ts';
import { createCallerBudgets } from '../../shared/budgets/caller-budgets.ts';
import { createCachedDirectory } from '../../shared/cached-directory.ts';
import { createAuthorize, createMayHaveOfSome } from '../../shared/callers/authorize.ts';
import { createCheckCaller } from '../../shared/callers/check-caller.ts';
import { createEpochWatch, witnessEpoch } from '../../shared/epoch.ts';
import { createExchangeMemo } from '../../shared/exchange-memo.ts';
import { createResourceParser } from '../../shared/resources/resource.ts';
import { createServeToken } from '../../shared/serve-token.ts';
import { createMeter } from '../../shared/telemetry/meter.ts';
import { createTenantDirectory } from '../../shared/tenants/tenant-directory.ts';
import { createTenantResolver } from '../../shared/tenants/tenant-name.ts';
import type { TokenSource } from '../../shared/tokens/source/token-source.ts';
import { createTokenBroker } from '../../shared/tokens/token-broker.ts';
import { type TokenKey, toKeyText } from '../../shared/tokens/token-record.ts';
import { makeBrokeredToken, RESOURCES } from './access-token.ts';
import { SILENT } from './broker.ts';
import { createFullGrants, createMemoryTenantStore, STILL_EPOCH } from './memory-store.ts';

/** A call that is timed. */
type Call = (tenantId: string) => unknown;

/** A broker that holds the tokens of these tenants, and a map that holds as many. */
export interface Warm {
  readonly tenantIds: readonly string[];
  readonly getToken: Call;
  readonly serveToken: Call;
  readonly lookUp: Call;
}

/**
 * Creates the real broker and exchange and fills them with a token of each of `size` tenants. With
 * `isGuarded` a request is checked as in front of every route, and the ledger is the epoch's second
 * witness; without, it is what it was before there were blocks and authenticated rows.
 */
export async function createWarm(size: number, isGuarded = true): Promise<Warm> {
  const tenantIds = Array.from({ length: size }, () => randomUUID());
  const { now } = Date;
  const broker = createTokenBroker({
    source: createInstantSource(),
    metrics: createMeter(),
    log: SILENT,
    now,
  });
  const grants = createGrantDirectory(now);
  const store = isGuarded ? witnessEpoch(STILL_EPOCH, STILL_LEDGER) : STILL_EPOCH;
  const epoch = createEpochWatch({ epoch: store, forget: () => undefined, now });
  const checkCaller = createCheckCaller({ epoch, grants, noteCaller: () => undefined });
  const budgets = createCallerBudgets(now);
  const directory = createTenantDirectory({ tenants: createMemoryTenantStore(tenantIds), now });
  const exchange = createServeToken({
    admit: createAdmitCaller({
      epoch,
      resolveTenant: createTenantResolver({ findTenantOfDomain: refuse, budgets, now }),
      authorize: createAuthorize({ grants, log: SILENT, now }),
      mayHaveOfSome: isGuarded ? createMayHaveOfSome(grants) : () => true,
      directory,
      getConsentUrl: refuse,
    }),
    parseResource: createResourceParser(RESOURCES),
    recordIssuance: createRecordIssuance({ issuances: { record: accept }, log: SILENT, now }),
    broker,
    memo: createExchangeMemo({ epoch, grants, directory, broker, now, toEntraTime: (at) => at }),
    getConsentUrl: refuse,
  });
  const caller = { id: randomUUID(), kind: 'application' as const, roles: ['Tokens.Issue'] };
  const serveToken = (tenant: string) => {
    const request = { caller, tenant, resource: 'defender-xdr', minTtlMs: 0, correlationId: '' };
    const check = isGuarded ? checkCaller(caller) : undefined;
    return check === undefined ? exchange(request) : check.then(() => exchange(request));
  };
  // The first request puts the token into the ledger, the second one is remembered.
  for (const tenantId of tenantIds) await serveToken(tenantId);
  for (const tenantId of tenantIds) await serveToken(tenantId);
  const held = new Map(tenantIds.map((tenantId) => [toKeyText(toKey(tenantId)), tenantId]));
  return {
    tenantIds,
    getToken: (tenantId) => broker.getToken(toKey(tenantId), 0),
    serveToken,
    lookUp: (tenantId) => Promise.resolve(held.get(toKeyText(toKey(tenantId)))),
  };
}

/** A ledger that says nothing new. */
const STILL_LEDGER = { follow: () => Promise.resolve(), revision: 1 };

/** Every caller may have everything. */
function createGrantDirectory(now: () => number) {
  const find = (callerId: string) =>
    Promise.resolve({ value: createFullGrants(callerId), etag: '1' });
  return createCachedDirectory({ records: { find }, now });
}

function toKey(tenantId: string): TokenKey {
  return { tenantId, resource: 'defender-xdr' };
}

/** Storage is off the hot path: it answers at once, and only while the cache is being filled. */
function createInstantSource(): TokenSource {
  return {
    obtain: (key) => Promise.resolve({ token: makeBrokeredToken(key), source: 'table' }),
    keep: () => Promise.resolve(),
    clearRetryStates: () => Promise.resolve(),
  };
}

function accept(): Promise<void> {
  return Promise.resolve();
}

function refuse(): Promise<never> {
  return Promise.reject(new Error('A cached token needs nothing from outside.'));
}
