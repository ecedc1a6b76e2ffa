import type { CachedDirectory } from '../cached-directory.ts';
import type { Grants } from '../callers/grants.ts';
import { createIsBlocked } from '../callers/is-blocked.ts';
import { mayHaveOfSome } from '../callers/policy.ts';
import { isHostAllowed } from '../callers/webhook-hosts.ts';
import type { EpochWatch } from '../epoch.ts';
import { BrokerError } from '../errors.ts';
import type { Subscription } from './subscription.ts';
import type { WebhookProblem } from './webhook-problem.ts';

/**
 * Decides whether a subscription still has an owner, as this process knows the callers: seconds old
 * at most.
 */
export interface SubscriptionOwners {
  /**
   * Why nothing more may be sent; without `url` its host is left out. Rejects when the owner can't
   * be read.
   */
  findStop(
    subscription: Pick<Subscription, 'callerId' | 'clientId' | 'expiresAt'>,
    url?: string,
  ): Promise<WebhookProblem | undefined>;
  /** Throws `invalid_request` for a URL whose host the caller's list leaves out. */
  assertHost(callerId: string, url: string): Promise<void>;
}

/** Creates the decision. */
export function createSubscriptionOwners({
  epoch,
  grants,
  now,
}: {
  epoch: Pick<EpochWatch, 'ensureCurrent'>;
  grants: Pick<CachedDirectory<Grants>, 'get'>;
  now: () => number;
}): SubscriptionOwners {
  const isBlocked = createIsBlocked(grants);
  const find = async (callerId: string) => {
    await epoch.ensureCurrent();
    return await grants.get(callerId);
  };
  return {
    async findStop({ callerId, clientId, expiresAt }, url) {
      if (now() >= expiresAt) return 'expired';
      const owner = await find(callerId);
      if (await isBlocked({ id: callerId, clientId })) return 'owner_blocked';
      if (!mayHaveOfSome(owner, 'incidents')) return 'owner_without_grant';
      const isAllowed = url === undefined || isHostAllowed(owner?.webhookHosts, url);
      return isAllowed ? undefined : 'host_not_allowed';
    },
    async assertHost(callerId, url) {
      if (isHostAllowed((await find(callerId))?.webhookHosts, url)) return;
      const description = 'The parameter url leads to a host that the caller may not use.';
      const remedy = 'Use a host of the webhook_hosts that an operator has set for the caller.';
      throw new BrokerError('invalid_request', description, { owner: 'partner', remedy });
    },
  };
}
