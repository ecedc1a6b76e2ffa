import { WEBHOOK_PROBLEMS } from '../../shared/webhooks/webhook-problem.ts';
import type { ApiHandle } from '../api.ts';

/** `POST /subscriptions/{subscription_id}/test`: sends a notification without number now; answers what became of it. */
export const testSubscription: ApiHandle = async ({ http, caller }, { subscriptions }) => {
  const outcome = await subscriptions.test(caller, http.params.subscription_id ?? '');
  const { delivered, status } = outcome;
  const problem = outcome.delivered ? undefined : outcome.problem;
  return {
    jsonBody: {
      delivered,
      http_status: status,
      ...(problem && { problem, ...WEBHOOK_PROBLEMS[problem] }),
    },
  };
};
