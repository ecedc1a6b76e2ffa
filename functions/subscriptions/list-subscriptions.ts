import { apiRoute } from '../route.ts';
import { toSubscriptionJsonFor } from './subscription-json.ts';

/** `GET /subscriptions`: the caller's own; all of them for who manages the policy. */
export const listSubscriptions = apiRoute({
  id: 'listSubscriptions',
  method: 'GET',
  path: 'api/subscriptions',
  role: 'Incidents.Read',
  work: 'list',
  summary:
    "See the caller's subscriptions; with Policy.Manage, those of all callers, without the paths of their URLs.",
  answers: { 200: 'SubscriptionList' },
  errors: [],
  handle: async ({ caller }, { subscriptions }) => ({
    jsonBody: {
      value: (await subscriptions.list(caller)).map((one) => toSubscriptionJsonFor(caller, one)),
    },
  }),
});

/** `GET /subscriptions/{subscription_id}`: where it stands, and what keeps it from getting on. */
export const getSubscription = apiRoute({
  id: 'getSubscription',
  method: 'GET',
  path: 'api/subscriptions/{subscription_id}',
  role: 'Incidents.Read',
  summary: 'See where one subscription stands, and what keeps it from getting on.',
  answers: { 200: 'Subscription' },
  errors: ['subscription_not_found'],
  handle: async ({ params, caller }, { subscriptions }) => ({
    jsonBody: toSubscriptionJsonFor(
      caller,
      await subscriptions.get(caller, params.subscription_id),
    ),
  }),
});
