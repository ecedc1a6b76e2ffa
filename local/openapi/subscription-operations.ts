import { subscriptionRequestSchema } from '../../functions/subscriptions/create-subscription.ts';
import { subscriptionPatchSchema } from '../../functions/subscriptions/patch-subscription.ts';
import { replayRequestSchema } from '../../functions/subscriptions/replay-subscription.ts';
import type { ErrorCode } from '../../shared/errors.ts';
import { type ApiOperation, COMMON } from './operation.ts';

/** A subscription of the examples. */
export const EXAMPLE_SUBSCRIPTION = '0c7f5f6e-54c9-4a56-9f0e-3f7f6e0d2b11';

/** A receiver of the sandbox: anywhere else it has to be https. */
const URL = 'http://127.0.0.1:9000/incidents';

const OF_ONE: readonly ErrorCode[] = ['subscription_not_found', ...COMMON];

/** The routes for webhooks. */
export const SUBSCRIPTION_OPERATIONS: readonly ApiOperation[] = [
  {
    id: 'createSubscription',
    target: 'POST api/subscriptions',
    role: 'Incidents.Read',
    summary:
      'Have changes of incidents sent to a URL, signed as Standard Webhooks say. Shows the secret, once.',
    body: subscriptionRequestSchema,
    examples: {
      all: { summary: 'Whatever happens from now on', value: { url: URL } },
      some: {
        summary: 'New severe incidents of gold customers',
        value: {
          url: URL,
          filter: { tenants: ['tag:gold'], severities: ['high'], kinds: ['created'] },
          since: '2026-11-01T00:00:00Z',
        },
      },
    },
    success: { status: 201, answer: 'SubscriptionSecret' },
    errors: ['invalid_request', 'access_denied', ...COMMON],
  },
  {
    id: 'listSubscriptions',
    target: 'GET api/subscriptions',
    role: 'Incidents.Read',
    summary: "See the caller's subscriptions; with Policy.Manage, those of all callers.",
    success: { status: 200, answer: 'SubscriptionList' },
    errors: COMMON,
  },
  {
    id: 'getSubscription',
    target: 'GET api/subscriptions/{subscription_id}',
    role: 'Incidents.Read',
    summary: 'See where one subscription stands, and what keeps it from getting on.',
    success: { status: 200, answer: 'Subscription' },
    errors: OF_ONE,
  },
  {
    id: 'patchSubscription',
    target: 'PATCH api/subscriptions/{subscription_id}',
    role: 'Incidents.Read',
    summary: 'Change, pause or resume a subscription; it is tried again at once unless paused.',
    body: subscriptionPatchSchema,
    examples: {
      resume: { summary: 'The receiver is back', value: { status: 'active' } },
      narrow: { summary: 'Only severe ones', value: { filter: { severities: ['high'] } } },
    },
    success: { status: 200, answer: 'Subscription' },
    errors: ['invalid_request', 'access_denied', ...OF_ONE],
  },
  {
    id: 'replaySubscription',
    target: 'POST api/subscriptions/{subscription_id}/replay',
    role: 'Incidents.Read',
    summary: 'Have everything from a number of the last 30 days on sent once more.',
    body: replayRequestSchema,
    examples: { first: { summary: 'From the first on', value: { from_sequence: 1 } } },
    success: { status: 200, answer: 'Subscription' },
    errors: ['invalid_request', ...OF_ONE],
  },
  {
    id: 'rotateSecret',
    target: 'POST api/subscriptions/{subscription_id}/rotate-secret',
    role: 'Incidents.Read',
    summary: 'Get a new secret, shown once; for a day the one before signs too.',
    success: { status: 200, answer: 'SubscriptionSecret' },
    errors: ['invalid_request', ...OF_ONE],
  },
  {
    id: 'testSubscription',
    target: 'POST api/subscriptions/{subscription_id}/test',
    role: 'Incidents.Read',
    summary: 'Send a notification without a number now, and see what became of it.',
    success: { status: 200, answer: 'SubscriptionTest' },
    errors: OF_ONE,
  },
  {
    id: 'deleteSubscription',
    target: 'DELETE api/subscriptions/{subscription_id}',
    role: 'Incidents.Read',
    summary: 'End a subscription; with Policy.Manage, that of any caller.',
    success: { status: 200, answer: 'RemovedSubscription' },
    errors: OF_ONE,
  },
];
