import { apiRoute } from '../route.ts';

/** `DELETE /subscriptions/{subscription_id}`: nothing more is sent. */
export const deleteSubscription = apiRoute({
  id: 'deleteSubscription',
  method: 'DELETE',
  path: 'api/subscriptions/{subscription_id}',
  role: 'Incidents.Read',
  summary: 'End a subscription; with Policy.Manage, that of any caller.',
  answers: { 200: 'RemovedSubscription' },
  errors: ['subscription_not_found'],
  handle: async ({ params, caller, correlationId }, services) => {
    const id = params.subscription_id;
    await services.subscriptions.remove(caller, id);
    const done = { act: 'subscription.remove', subject: id } as const;
    await services.recordEvent({ ...done, actor: caller.id, correlationId });
    return { jsonBody: { subscription_id: id, deleted: true } };
  },
});
