import * as v from 'valibot';
import type { ApiHandle } from '../api.ts';
import { readJson } from '../request-body.ts';
import { toSubscriptionJson } from './subscription-json.ts';

/** The body of a replay. */
export const replayRequestSchema = v.strictObject({
  from_sequence: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
});

/** `POST /subscriptions/{subscription_id}/replay`: sends everything from a number on once more. */
export const replaySubscription: ApiHandle = async ({ http, caller, correlationId }, services) => {
  const { from_sequence: from } = await readJson(http, replayRequestSchema);
  const id = http.params.subscription_id ?? '';
  const replayed = await services.subscriptions.replay(caller, id, from);
  const done = { act: 'subscription.replay', subject: id, detail: String(from) } as const;
  await services.recordAct({ ...done, actor: caller.id, correlationId });
  return { jsonBody: toSubscriptionJson(replayed) };
};
