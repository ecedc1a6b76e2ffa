import type { Grants } from '../../shared/callers/grants.ts';
import type { EpochStore } from '../../shared/epoch.ts';
import type { Store, Stored } from '../../shared/store.ts';
import { createTenant, type Tenant, type TenantStore } from '../../shared/tenants/tenant.ts';
import {
  type TokenKey,
  type TokenRecord,
  type TokenStore,
  toKeyText,
} from '../../shared/tokens/token-record.ts';

/**
 * Records in memory, guarded by ETags as a table's rows are: where storage is not what is measured.
 */
function createMemoryStore<K, T>(toText: (key: K | T) => string): Store<K, T> {
  const rows = new Map<string, Stored<T>>();
  let version = 0;
  const write = (value: T): Stored<T> => {
    version++;
    const stored = { value, etag: String(version) };
    rows.set(toText(value), stored);
    return stored;
  };
  return {
    find: (key) => Promise.resolve(rows.get(toText(key))),
    insert: (value) => Promise.resolve(rows.has(toText(value)) ? undefined : write(value)),
    replace: ({ etag }, value) =>
      Promise.resolve(rows.get(toText(value))?.etag === etag ? write(value) : undefined),
    remove: (key) => {
      rows.delete(toText(key));
      return Promise.resolve();
    },
  };
}

/** Tokens' rows in memory. */
export function createMemoryTokenStore(): TokenStore {
  return toTokenStore(createMemoryStore<TokenKey, TokenRecord>(toKeyText));
}

/** Takes every write and keeps nothing, so that only the broker's own memory counts. */
export function createForgetfulTokenStore(): TokenStore {
  return toTokenStore({
    find: () => Promise.resolve(undefined),
    insert: (value) => Promise.resolve({ value, etag: '1' }),
    replace: (_stored, value) => Promise.resolve({ value, etag: '2' }),
    remove: () => Promise.resolve(),
  });
}

/** Tenants in memory, all active. */
export function createMemoryTenantStore(tenantIds: readonly string[]): TenantStore {
  const tenants = new Map(tenantIds.map((tenantId) => [tenantId, createActiveTenant(tenantId)]));
  const refuse = () => Promise.reject(new Error('These tenants do not change.'));
  return {
    find: (tenantId) => {
      const value = tenants.get(tenantId);
      return Promise.resolve(value && { value, etag: '1' });
    },
    insert: refuse,
    replace: refuse,
    remove: refuse,
    list: () => Promise.resolve({ tenants: [...tenants.values()], next: undefined }),
    countFailing: () => Promise.resolve(0),
  };
}

/** A tenant as it stands after its consent was proven. */
export function createActiveTenant(tenantId: string): Tenant {
  const now = Date.now();
  const granted = ['Incident.Read.All', 'AdvancedHunting.Read.All'];
  return {
    ...createTenant(tenantId, now),
    status: 'active',
    displayName: `Customer ${tenantId.slice(0, 8)}`,
    proofs: { 'defender-xdr': { granted, missing: [], checkedAt: now } },
    consentedAt: now,
  };
}

/** An epoch that stands still. */
export const STILL_EPOCH: EpochStore = {
  read: () => Promise.resolve('1'),
  advance: () => Promise.resolve(),
};

function toTokenStore(store: Store<TokenKey, TokenRecord>): TokenStore {
  return {
    ...store,
    // biome-ignore lint/suspicious/useAwait: an empty listing
    summaries: async function* () {
      yield [];
    },
    removeTenant: () => Promise.resolve(0),
  };
}

/** Grants for every tenant and API. */
export function createFullGrants(callerId: string): Grants {
  return {
    callerId,
    displayName: undefined,
    mode: 'enforce',
    clientSecret: true,
    rules: [{ id: 'everything', effect: 'allow', tenants: ['*'], resources: ['*'] }],
    createdAt: 0,
    updatedAt: 0,
  };
}
