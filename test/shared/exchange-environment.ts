import { createAdmitCaller } from '../../shared/admit-caller.ts';
import { createRecordIssuance } from '../../shared/audit/record-issuance.ts';
import { createCachedDirectory } from '../../shared/cached-directory.ts';
import { createAuthorize, createMayHaveOfSome } from '../../shared/callers/authorize.ts';
import type { Grants } from '../../shared/callers/grants.ts';
import { createEpochWatch } from '../../shared/epoch.ts';
import { BrokerError } from '../../shared/errors.ts';
import { createExchangeMemo, type ExchangeMemo } from '../../shared/exchange-memo.ts';
import { findGuid } from '../../shared/guid.ts';
import { createResourceParser, createResources } from '../../shared/resources/resource.ts';
import { createServeToken, type ServeToken } from '../../shared/serve-token.ts';
import { createMeter } from '../../shared/telemetry/meter.ts';
import { createTenant, type Tenant } from '../../shared/tenants/tenant.ts';
import { createTenantDirectory } from '../../shared/tenants/tenant-directory.ts';
import type { BrokeredToken } from '../../shared/tokens/brokered-token.ts';
import { createTokenBroker } from '../../shared/tokens/token-broker.ts';
import type { TokenKey } from '../../shared/tokens/token-record.ts';
import { createClock, MINUTE, SECOND } from '../support/clock.ts';
import { createRecordedLog } from '../support/log.ts';

/** The customers. */
export const TENANTS = [
  'a1111111-1111-4111-8111-111111111111',
  'a2222222-2222-4222-8222-222222222222',
] as const;

/** The tools. */
export const CALLERS = ['tool-1', 'tool-2'] as const;

/** What a tool asks for; `roles`: what its access token says. */
export interface Question {
  readonly callerId: string;
  readonly roles: readonly string[];
  readonly tenant: string;
  readonly minTtlMs: number;
}

/** An exchange with a memo, beside one without, over the same memories and the same storage. */
export type Exchanges = ReturnType<typeof createExchanges>;

type GrantKind = 'all' | 'tag' | 'none' | 'blocked' | 'denied';

/** Creates both exchanges, everything being granted. */
export function createExchanges() {
  const storage = createStorage();
  const { clock, entraNow } = storage;
  const { now } = clock;
  const directory = createTenantDirectory({ tenants: storage.tenants, now });
  const grants = createCachedDirectory<Grants>({ records: storage.grants, now });
  const forget = () => {
    directory.forget();
    grants.forget();
    broker.forget();
    memo.forget();
  };
  const epoch = createEpochWatch({ epoch: storage.epoch, forget, now });
  const broker = createTokenBroker({
    source: storage.source,
    metrics: createMeter(),
    log: createRecordedLog(),
    now: entraNow,
  });
  const { toEntraTime } = storage;
  const memo = createExchangeMemo({ epoch, grants, directory, broker, now, toEntraTime });
  const parts = {
    admit: createAdmitCaller({
      epoch,
      resolveTenant: (name) => Promise.resolve(findGuid(name)),
      authorize: createAuthorize({ grants, log: createRecordedLog(), now }),
      mayHaveOfSome: createMayHaveOfSome(grants),
      directory,
      getConsentUrl: () => Promise.resolve(undefined),
    }),
    parseResource: createResourceParser(createResources('global')),
    recordIssuance: createRecordIssuance({
      issuances: { record: () => Promise.resolve() },
      log: createRecordedLog(),
      now,
    }),
    broker,
    getConsentUrl: () => Promise.resolve(undefined),
  };
  const watched = watchMemo(memo);
  const serve = createServeToken({ ...parts, memo: watched.memo });
  const serveLong = createServeToken({ ...parts, memo: { ...memo, find: () => undefined } });
  const askTheLongWay = (asked: Question) => answer(serveLong, asked);
  const differences: unknown[] = [];
  return {
    ...storage.changes,
    replaceToken: async (tenantId: string) => {
      const held = broker.findHeld({ tenantId, resource: 'defender-xdr' });
      if (held) await broker.replace({ ...held.token, issuedAt: 0 }).catch(() => undefined);
    },
    /** What comes from the memo is compared at once, before anything else can happen. */
    async ask(asked: Question) {
      const before = watched.count();
      const given = serve(toRequest(asked));
      if (watched.count() === before) return await answer(() => given, asked);
      const other = await askTheLongWay(asked);
      if (other !== (await given)) differences.push({ asked, other });
      return other;
    },
    /** Asks, whatever happens meanwhile. */
    begin: (asked: Question) => answer(serve, asked),
    askTheLongWay,
    differences,
    countRemembered: watched.count,
  };
}

function watchMemo(memo: ExchangeMemo) {
  let found = 0;
  return {
    count: () => found,
    memo: {
      ...memo,
      find: (...args: Parameters<ExchangeMemo['find']>) => {
        const token = memo.find(...args);
        if (token) found++;
        return token;
      },
    },
  };
}

function toRequest({ callerId, roles, tenant, minTtlMs }: Question) {
  const caller = { id: callerId, kind: 'application', roles } as const;
  return { caller, tenant, resource: 'defender-xdr', minTtlMs, correlationId: 'c' };
}

/** The token, or the code of the refusal. */
async function answer(serve: ServeToken, asked: Question): Promise<unknown> {
  try {
    return await serve(toRequest(asked));
  } catch (error) {
    return error instanceof BrokerError ? error.code : error;
  }
}

/** Storage and Entra, with what changes them. */
function createStorage() {
  const clock = createClock();
  let offset = 0;
  let isDown = false;
  let version = 1;
  let issued = 0;
  const toEntraTime = (at: number) => at + offset;
  const entraNow = () => toEntraTime(clock.now());
  const tenants = new Map(TENANTS.map((id) => [id as string, toTenant(id)]));
  const grants = new Map(CALLERS.map((id) => [id as string, toGrants(id, 'all')]));
  const read = async <T>(value: () => T): Promise<T> => {
    await Promise.resolve();
    if (isDown) throw new Error('Storage is down.');
    return value();
  };
  const find =
    <T>(rows: ReadonlyMap<string, T>) =>
    (id: string) =>
      read(() => {
        const value = rows.get(id);
        return value && { value, etag: '1' };
      });
  const obtain = (key: TokenKey) =>
    read(() => ({ token: toToken(key, entraNow(), ++issued), source: 'table' as const }));
  return {
    clock,
    entraNow,
    toEntraTime,
    tenants: { find: find(tenants) },
    grants: { find: find(grants) },
    epoch: { read: () => read(() => String(version)), advance: () => Promise.resolve() },
    source: { obtain, keep: () => Promise.resolve(), clearRetryStates: () => Promise.resolve() },
    changes: {
      pass: clock.pass,
      moveEntra: (ms: number) => {
        offset = ms;
      },
      setOutage: (down: boolean) => {
        isDown = down;
      },
      setGrants: (id: string, kind: GrantKind, isWritten: boolean) => {
        grants.set(id, toGrants(id, kind));
        if (isWritten) version++;
      },
      setTenant: (id: string, part: Pick<Tenant, 'status' | 'tags'>, isWritten: boolean) => {
        tenants.set(id, { ...toTenant(id), ...part });
        if (isWritten) version++;
      },
    },
  };
}

function toTenant(id: string): Tenant {
  return { ...createTenant(id, 0), status: 'active' };
}

function toGrants(callerId: string, kind: GrantKind): Grants {
  const tenants = [kind === 'tag' ? 'tag:soc' : '*'];
  const allow = { id: 'all', effect: 'allow', tenants, resources: ['*'] } as const;
  const deny = { ...allow, id: 'none', effect: 'deny' } as const;
  const rules = { all: [allow], tag: [allow], blocked: [allow], denied: [allow, deny], none: [] };
  return {
    callerId,
    displayName: undefined,
    mode: 'enforce',
    clientSecret: false,
    rules: rules[kind],
    ...(kind === 'blocked' && { blocked: true }),
    createdAt: 0,
    updatedAt: 0,
  };
}

function toToken(key: TokenKey, now: number, count: number): BrokeredToken {
  return {
    ...key,
    accessToken: `token-${count}`,
    tokenHash: `hash-${count}`,
    issuedAt: now,
    refreshAt: now + 90 * SECOND,
    expiresAt: now + 4 * MINUTE,
    degraded: false,
    claims: { roles: [] } as unknown as BrokeredToken['claims'],
  };
}
