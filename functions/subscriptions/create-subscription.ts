import * as v from 'valibot';
import type { ApiHandle } from '../api.ts';
import { timeSchema } from '../incidents/incident-query.ts';
import { readJson } from '../request-body.ts';
import { filterSchema, toFilter, urlSchema } from './subscription-body.ts';
import { toSecretJson } from './subscription-json.ts';

/** The body of a new subscription; without `since` it begins with what happens next. */
export const subscriptionRequestSchema = v.strictObject({
  url: urlSchema,
  filter: v.optional(filterSchema, {}),
  since: v.optional(timeSchema),
});

/** `POST /subscriptions`: has changes of incidents sent to a URL; shows the secret, once. */
export const createSubscription: ApiHandle = async ({ http, caller, correlationId }, services) => {
  const { url, filter, since } = await readJson(http, subscriptionRequestSchema);
  const wish = { url, filter: toFilter(filter), since };
  const made = await services.subscriptions.create(caller, wish);
  const done = { act: 'subscription.create', subject: made.subscription.id } as const;
  await services.recordAct({ ...done, actor: caller.id, correlationId });
  return { status: 201, jsonBody: toSecretJson(made) };
};
