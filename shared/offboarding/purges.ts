import type { GrantStore } from '../callers/grants.ts';
import { listNamedTenants, withoutTenant } from '../callers/rules.ts';
import type { Log } from '../log.ts';
import { change } from '../store.ts';
import { type SubscriptionStore, withoutFilteredTenant } from '../webhooks/subscription.ts';
import type { Purge } from './offboarding.ts';

/**
 * Takes a tenant's id out of every rule, and rules that named nobody else away; answers how many
 * rules named it.
 */
export function createPurgeGrants(grants: GrantStore, log: Log): Purge {
  return async ({ tenantId }) => {
    let changed = 0;
    for (const { callerId, rules } of await grants.list()) {
      if (!listNamedTenants(rules).has(tenantId)) continue;
      await change(grants, callerId, (current) => current && withoutTenant(current, tenantId));
      const naming = rules.filter(({ tenants }) => tenants.includes(tenantId));
      for (const { id, effect } of naming) {
        log.warn('grants.tenant_removed', { caller: callerId, rule: id, effect });
      }
      changed += naming.length;
    }
    return changed;
  };
}

/**
 * Takes a tenant's id out of every subscription's filter; answers how many named it. One that named
 * nobody else gets nothing.
 */
export function createPurgeSubscriptions(subscriptions: SubscriptionStore, log: Log): Purge {
  return async ({ tenantId }) => {
    const naming = (await subscriptions.list()).filter(({ filter }) =>
      filter.tenants?.includes(tenantId),
    );
    for (const { id } of naming) {
      await change(subscriptions, id, (one) => one && withoutFilteredTenant(one, tenantId));
      log.warn('subscription.tenant_removed', { subscription: id });
    }
    return naming.length;
  };
}
