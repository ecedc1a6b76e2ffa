import * as v from 'valibot';
import type { ApiHandle } from '../api.ts';
import { readJson } from '../request-body.ts';
import { filterSchema, toFilter, urlSchema } from './subscription-body.ts';
import { toSubscriptionJson } from './subscription-json.ts';

/** The body of a change: what is left out stays as it is. */
export const subscriptionPatchSchema = v.pipe(
  v.strictObject({
    url: v.optional(urlSchema),
    filter: v.optional(filterSchema),
    status: v.optional(v.picklist(['active', 'paused'])),
  }),
  v.check((patch) => Object.values(patch).some((value) => value !== undefined)),
);

/** `PATCH /subscriptions/{subscription_id}`: changes it, and tries again at once unless it is paused. */
export const patchSubscription: ApiHandle = async ({ http, caller, correlationId }, services) => {
  const { url, filter, status } = await readJson(http, subscriptionPatchSchema);
  const id = http.params.subscription_id ?? '';
  const patch = { url, filter: filter && toFilter(filter), status };
  const patched = await services.subscriptions.patch(caller, id, patch);
  const named = Object.entries(patch).filter(([, value]) => value !== undefined);
  const detail = named.map(([name]) => name).join(' ');
  const done = { act: 'subscription.patch', subject: id, detail } as const;
  await services.recordAct({ ...done, actor: caller.id, correlationId });
  return { jsonBody: toSubscriptionJson(patched) };
};
