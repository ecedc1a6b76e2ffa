import type { Caller } from '../../shared/callers/caller.ts';
import type { OpenSubscription } from '../../shared/webhooks/administration/administration-parts.ts';
import type { DeliveryRetryState } from '../../shared/webhooks/subscription.ts';
import { WEBHOOK_PROBLEMS } from '../../shared/webhooks/webhook-problem.ts';

/** A subscription as the API shows it: without its secret, and without what its URL may hide. */
export function toSubscriptionJson({ subscription, target }: OpenSubscription) {
  const { id, callerId, status, filter, numbered, delivered, retryState } = subscription;
  return {
    subscription_id: id,
    caller: callerId,
    status,
    url: target && toShownUrl(target.url),
    filter,
    numbered_up_to: numbered,
    delivered_up_to: delivered,
    ...(retryState && { last_failure: toFailureJson(retryState) }),
    ...(target?.previous && { previous_secret_until: toIso(target.previous.until) }),
    expires_at: toIso(subscription.expiresAt),
    created_at: toIso(subscription.createdAt),
    updated_at: toIso(subscription.updatedAt),
  };
}

/** As `toSubscriptionJson`; to others than its owner no path, which may be a secret. */
export function toSubscriptionJsonFor({ id }: Pick<Caller, 'id'>, open: OpenSubscription) {
  const json = toSubscriptionJson(open);
  const { target, subscription } = open;
  if (!target || subscription.callerId === id) return json;
  return { ...json, url: `${new URL(target.url).origin}/…` };
}

/** With the secret, which is shown once. */
export function toSecretJson(open: OpenSubscription) {
  return { ...toSubscriptionJson(open), secret: open.target?.secret };
}

/** Where notifications go, as the ledger tells it: no path, since it may be a secret. */
export function toHostDetail(url: string): string {
  return `host ${new URL(url).host}`;
}

/** Queries of receivers' URLs hold signatures and keys. */
function toShownUrl(text: string): string {
  const { origin, pathname, search } = new URL(text);
  return `${origin}${pathname}${search && '?…'}`;
}

function toFailureJson({ problem, status, count, since, retryAt }: DeliveryRetryState) {
  return {
    problem,
    ...WEBHOOK_PROBLEMS[problem],
    http_status: status,
    failures: count,
    since: toIso(since),
    retry_at: toIso(retryAt),
  };
}

function toIso(time: number): string {
  return new Date(time).toISOString();
}
