import type { GrantStore, Grants } from '../callers/grants.ts';
import { listNamedTenants, toUnknownTenantError, withoutTenant } from '../callers/rules.ts';
import { settleAll } from '../concurrency.ts';
import { findGuid } from '../guid.ts';
import type { ChangeFeed } from '../incidents/feed/change-feed.ts';
import type { IncidentStore } from '../incidents/incident-store.ts';
import type { WriteIncidents } from '../incidents/incident-writer.ts';
import type { SyncStateStore } from '../incidents/sync/sync-state.ts';
import type { Invitation, InvitationStore } from '../invitations/invitation.ts';
import type { ApiCallsStore } from '../proxy/api-calls.ts';
import { change, type Store, type Stored } from '../store.ts';
import { type FindTombstone, toOffboardedError } from '../tenants/tombstone.ts';
import type { TokenStore } from '../tokens/token-record.ts';
import {
  type Subscription,
  type SubscriptionStore,
  withoutFilteredTenant,
} from '../webhooks/subscription.ts';

/** Lookups of tenants that one write has under way. */
const CONCURRENCY = 10;

// Each of these looks for the tombstone after its write. An offboarding purges after it wrote the
// tombstone. So either the purge comes after the write and removes it, or the look comes after the
// tombstone and takes the write back.

/**
 * Token rows that take no new one of a tenant that was offboarded; an existing row can only be
 * replaced.
 */
export function refuseLateTokens(tokens: TokenStore, findTombstone: FindTombstone): TokenStore {
  return {
    ...tokens,
    async insert(record) {
      const written = await tokens.insert(record);
      // Also if a row was there: it may be ours, when the answer to the first try was lost.
      if (!(await findTombstone(record.tenantId))) return written;
      await tokens.remove(record);
      throw toOffboardedError();
    },
  };
}

/**
 * Sync states that take no new one of a tenant that was offboarded; an existing row can only be
 * replaced.
 */
export function refuseLateSync(
  states: SyncStateStore,
  findTombstone: FindTombstone,
): SyncStateStore {
  return {
    ...states,
    async insert(state) {
      const written = await states.insert(state);
      if (!(await findTombstone(state.tenantId))) return written;
      await states.remove(state.tenantId);
      throw toOffboardedError();
    },
  };
}

/**
 * Counts of proxied calls that take no new one of a tenant that was offboarded; an existing row can
 * only be replaced.
 */
export function refuseLateApiCalls(
  records: ApiCallsStore,
  findTombstone: FindTombstone,
): ApiCallsStore {
  return {
    ...records,
    async insert(record) {
      const written = await records.insert(record);
      if (!(await findTombstone(record.tenantId))) return written;
      await records.remove(record);
      throw toOffboardedError();
    },
  };
}

/** A writer of incidents that leaves none of a tenant that was offboarded meanwhile. */
export function refuseLateIncidents(
  write: WriteIncidents,
  {
    incidents,
    changeFeed,
    findTombstone,
  }: { incidents: IncidentStore; changeFeed: ChangeFeed; findTombstone: FindTombstone },
): WriteIncidents {
  return async (tenantId, fetched) => {
    const [outcome] = await Promise.allSettled([write(tenantId, fetched)]);
    const isUntouched = outcome.status === 'fulfilled' && outcome.value.changed === 0;
    // Also after a failure: it may have come half-way.
    if (!isUntouched && (await findTombstone(tenantId))) {
      await incidents.removeTenant(tenantId);
      await changeFeed.removeTenant(tenantId);
      throw toOffboardedError();
    }
    if (outcome.status === 'rejected') throw outcome.reason;
    return outcome.value;
  };
}

/**
 * Invitations that keep no name of a tenant that was offboarded, unless they were made to bring it
 * back.
 */
export function refuseLateInvitations(
  invitations: InvitationStore,
  findTombstone: FindTombstone,
): InvitationStore {
  const check = async (invitation: Invitation): Promise<void> => {
    const { tenantId, claimedBy, usedBy, claims, readmits } = invitation;
    const waiting = claims.map((claim) => claim.tenantId);
    for (const named of new Set([tenantId, claimedBy, usedBy, ...waiting])) {
      const offboarding = named && (await findTombstone(named));
      if (!offboarding || offboarding === readmits) continue;
      await invitations.remove(invitation.idHash);
      throw toOffboardedError();
    }
  };
  return { ...invitations, ...refuseLateWrites(invitations, check) };
}

/** Grants that name no tenant that was offboarded. */
export function refuseLateGrants(grants: GrantStore, findTombstone: FindTombstone): GrantStore {
  const check = async ({ callerId, rules }: Grants): Promise<void> => {
    const outcomes = await settleAll([...listNamedTenants(rules)], CONCURRENCY, async (named) => {
      const [tenantId, ruleId] = named;
      if (!(await findTombstone(tenantId))) return;
      await change(grants, callerId, (current) => current && withoutTenant(current, tenantId));
      throw toUnknownTenantError(ruleId);
    });
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failed) throw failed.reason;
  };
  return { ...grants, ...refuseLateWrites(grants, check) };
}

/** Subscriptions whose filters name no tenant that was offboarded. */
export function refuseLateSubscriptions(
  subscriptions: SubscriptionStore,
  findTombstone: FindTombstone,
): SubscriptionStore {
  const check = async ({ id, filter }: Subscription): Promise<void> => {
    for (const tenantId of filter.tenants?.filter(findGuid) ?? []) {
      if (!(await findTombstone(tenantId))) continue;
      await change(subscriptions, id, (one) => one && withoutFilteredTenant(one, tenantId));
      throw toOffboardedError();
    }
  };
  // A run of deliveries changes no filter: only what names tenants anew is looked at.
  const checkNews = (value: Subscription, before?: Subscription) =>
    before?.filter === value.filter ? undefined : check(value);
  return {
    ...subscriptions,
    async insert(value, most) {
      const written = await subscriptions.insert(value, most);
      await checkNews(value);
      return written;
    },
    async replace(stored, value) {
      const written = await subscriptions.replace(stored, value);
      await checkNews(value, stored.value);
      return written;
    },
  };
}

function refuseLateWrites<T>(
  store: Store<string, T>,
  check: (value: T) => Promise<void>,
): Store<string, T> {
  const checked = async (value: T, write: Promise<Stored<T> | undefined>) => {
    const written = await write;
    await check(value);
    return written;
  };
  return {
    ...store,
    insert: (value) => checked(value, store.insert(value)),
    replace: (stored, value) => checked(value, store.replace(stored, value)),
  };
}
