import * as v from 'valibot';
import { apiRoute } from '../route.ts';
import { filterSchema, toFilter, urlSchema } from './subscription-body.ts';
import { toHostDetail, toSubscriptionJson } from './subscription-json.ts';

/** The body of a change: what is left out stays as it is. */
const subscriptionPatchSchema = v.pipe(
  v.strictObject({
    url: v.optional(urlSchema),
    filter: v.optional(filterSchema),
    status: v.optional(v.picklist(['active', 'paused'])),
  }),
  v.check((patch) => Object.values(patch).some((value) => value !== undefined)),
);

/**
 * `PATCH /subscriptions/{subscription_id}`: changes it, and tries again at once unless it is
 * paused.
 */
export const patchSubscription = apiRoute({
  id: 'patchSubscription',
  method: 'PATCH',
  path: 'api/subscriptions/{subscription_id}',
  role: 'Incidents.Read',
  summary: 'Change, pause or resume a subscription; it is tried again at once unless paused.',
  body: subscriptionPatchSchema,
  examples: {
    resume: { summary: 'The receiver is back', value: { status: 'active' } },
    narrow: { summary: 'Only severe ones', value: { filter: { severities: ['high'] } } },
  },
  answers: { 200: 'Subscription' },
  errors: ['invalid_request', 'access_denied', 'subscription_not_found'],
  handle: async ({ params, body, caller, correlationId }, services) => {
    const { url, filter, status } = body;
    const id = params.subscription_id;
    const patch = { url, filter: filter && toFilter(filter), status };
    const patched = await services.subscriptions.patch(caller, id, patch);
    const named = Object.entries(patch).filter(([, value]) => value !== undefined);
    const names = named.map(([name]) => name).join(' ');
    const detail = url === undefined ? names : `${names}, ${toHostDetail(url)}`;
    const done = { act: 'subscription.patch', subject: id, detail } as const;
    await services.recordEvent({ ...done, actor: caller.id, correlationId });
    return { jsonBody: toSubscriptionJson(patched) };
  },
});
