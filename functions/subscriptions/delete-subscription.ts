import type { ApiHandle } from '../api.ts';

/** `DELETE /subscriptions/{subscription_id}`: nothing more is sent. */
export const deleteSubscription: ApiHandle = async ({ http, caller, correlationId }, services) => {
  const id = http.params.subscription_id ?? '';
  await services.subscriptions.remove(caller, id);
  const done = { act: 'subscription.remove', subject: id } as const;
  await services.recordAct({ ...done, actor: caller.id, correlationId });
  return { jsonBody: { subscription_id: id, deleted: true } };
};
