import * as v from 'valibot';
import { apiRoute } from '../route.ts';
import { toSubscriptionJson } from './subscription-json.ts';

/** The body of a replay. */
const replayRequestSchema = v.strictObject({
  from_sequence: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
});

/** `POST /subscriptions/{subscription_id}/replay`: sends everything from a number on once more. */
export const replaySubscription = apiRoute({
  id: 'replaySubscription',
  method: 'POST',
  path: 'api/subscriptions/{subscription_id}/replay',
  role: 'Incidents.Read',
  summary: 'Have everything from a number of the last 30 days on sent once more.',
  body: replayRequestSchema,
  examples: { first: { summary: 'From the first on', value: { from_sequence: 1 } } },
  answers: { 200: 'Subscription' },
  errors: ['invalid_request', 'subscription_not_found'],
  handle: async ({ params, body, caller, correlationId }, services) => {
    const { from_sequence: from } = body;
    const id = params.subscription_id;
    const replayed = await services.subscriptions.replay(caller, id, from);
    const done = { act: 'subscription.replay', subject: id, detail: String(from) } as const;
    await services.recordEvent({ ...done, actor: caller.id, correlationId });
    return { jsonBody: toSubscriptionJson(replayed) };
  },
});
