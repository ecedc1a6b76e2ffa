import type { ApiHandle } from '../api.ts';
import { toSubscriptionJson } from './subscription-json.ts';

/** `GET /subscriptions`: the caller's own; all of them for who manages the policy. */
export const listSubscriptions: ApiHandle = async ({ caller }, { subscriptions }) => ({
  jsonBody: { value: (await subscriptions.list(caller)).map(toSubscriptionJson) },
});

/** `GET /subscriptions/{subscription_id}`: where it stands, and what keeps it from getting on. */
export const getSubscription: ApiHandle = async ({ http, caller }, { subscriptions }) => ({
  jsonBody: toSubscriptionJson(await subscriptions.get(caller, http.params.subscription_id ?? '')),
});
