import { WEBHOOK_PROBLEMS } from '../../shared/webhooks/webhook-problem.ts';
import { apiRoute } from '../route.ts';

/**
 * `POST /subscriptions/{subscription_id}/test`: sends a notification without number now; answers
 * what became of it.
 */
export const testSubscription = apiRoute({
  id: 'testSubscription',
  method: 'POST',
  path: 'api/subscriptions/{subscription_id}/test',
  role: 'Incidents.Read',
  work: 'test',
  summary: 'Send a notification without a number now, and see what became of it.',
  answers: { 200: 'SubscriptionTest' },
  errors: ['subscription_not_found'],
  handle: async ({ params, caller, correlationId }, services) => {
    const id = params.subscription_id;
    const outcome = await services.subscriptions.test(caller, id);
    const { delivered, status } = outcome;
    const detail = outcome.delivered ? 'delivered' : outcome.problem;
    const done = { act: 'subscription.test', subject: id, detail } as const;
    await services.recordEvent({ ...done, actor: caller.id, correlationId });
    const problem = outcome.delivered ? undefined : outcome.problem;
    return {
      jsonBody: {
        delivered,
        http_status: status,
        ...(problem && { problem, ...WEBHOOK_PROBLEMS[problem] }),
      },
    };
  },
});
