import * as v from 'valibot';
import { EXAMPLE_RECEIVER } from '../examples.ts';
import { timeSchema } from '../input/timestamp.ts';
import { apiRoute } from '../route.ts';
import { filterSchema, toFilter, urlSchema } from './subscription-body.ts';
import { toHostDetail, toSecretJson } from './subscription-json.ts';

/** The body of a new subscription; without `since` it begins with what happens next. */
const subscriptionRequestSchema = v.strictObject({
  url: urlSchema,
  filter: v.optional(filterSchema, {}),
  since: v.optional(timeSchema),
});

/** `POST /subscriptions`: has changes of incidents sent to a URL; shows the secret, once. */
export const createSubscription = apiRoute({
  id: 'createSubscription',
  method: 'POST',
  path: 'api/subscriptions',
  role: 'Incidents.Read',
  summary:
    'Have changes of incidents sent to a URL, signed as Standard Webhooks say. Shows the secret, once.',
  body: subscriptionRequestSchema,
  examples: {
    all: { summary: 'Whatever happens from now on', value: { url: EXAMPLE_RECEIVER } },
    some: {
      summary: 'New severe incidents of gold customers',
      value: {
        url: EXAMPLE_RECEIVER,
        filter: { tenants: ['tag:gold'], severities: ['high'], kinds: ['created'] },
        since: '2026-11-01T00:00:00Z',
      },
    },
  },
  answers: { 201: 'SubscriptionSecret' },
  errors: ['invalid_request', 'access_denied'],
  handle: async ({ body, caller, correlationId }, services) => {
    const { url, filter, since } = body;
    const input = { url, filter: toFilter(filter), since };
    const made = await services.subscriptions.create(caller, input);
    const subject = made.subscription.id;
    const done = { act: 'subscription.create', subject, detail: toHostDetail(url) } as const;
    await services.recordEvent({ ...done, actor: caller.id, correlationId });
    return { status: 201, jsonBody: toSecretJson(made) };
  },
});
