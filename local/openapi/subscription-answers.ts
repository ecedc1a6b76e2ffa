import * as v from 'valibot';
import { SUBSCRIPTION_STATUSES } from '../../shared/webhooks/subscription.ts';
import { WEBHOOK_PROBLEM_NAMES } from '../../shared/webhooks/webhook-problem.ts';

const guid = v.pipe(v.string(), v.uuid());
const instant = v.pipe(v.string(), v.isoTimestamp());
const whole = v.pipe(v.number(), v.integer());
const texts = v.optional(v.array(v.string()));

const problemEntries = {
  problem: v.picklist(WEBHOOK_PROBLEM_NAMES),
  owner: v.picklist(['partner', 'caller']),
  description: v.string(),
  remedy: v.string(),
};

const entries = {
  subscription_id: guid,
  caller: v.string(),
  status: v.picklist(SUBSCRIPTION_STATUSES),
  url: v.optional(v.string()),
  filter: v.strictObject({ tenants: texts, severities: texts, kinds: texts }),
  numbered_up_to: whole,
  delivered_up_to: whole,
  last_failure: v.optional(
    v.strictObject({
      ...problemEntries,
      http_status: v.optional(whole),
      failures: whole,
      since: instant,
      retry_at: instant,
    }),
  ),
  previous_secret_until: v.optional(instant),
  expires_at: instant,
  created_at: instant,
  updated_at: instant,
};

/** A subscription; its URL is without query, which often holds a key. */
export const subscriptionSchema = v.strictObject(entries);

/** A subscription with its secret, which is shown this once. */
export const subscriptionSecretSchema = v.strictObject({
  ...entries,
  secret: v.pipe(v.string(), v.startsWith('whsec_')),
});

/** All subscriptions. */
export const subscriptionListSchema = v.strictObject({ value: v.array(subscriptionSchema) });

/** What became of a test. */
export const subscriptionTestSchema = v.strictObject({
  delivered: v.boolean(),
  http_status: v.optional(whole),
  problem: v.optional(problemEntries.problem),
  owner: v.optional(problemEntries.owner),
  description: v.optional(v.string()),
  remedy: v.optional(v.string()),
});

/** A subscription that is gone. */
export const removedSubscriptionSchema = v.strictObject({
  subscription_id: guid,
  deleted: v.literal(true),
});
