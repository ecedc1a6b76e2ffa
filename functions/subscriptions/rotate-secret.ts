import { apiRoute } from '../route.ts';
import { toSecretJson } from './subscription-json.ts';

/**
 * `POST /subscriptions/{subscription_id}/rotate-secret`: shows a new secret, once; the old one
 * signs too for a day.
 */
export const rotateSecret = apiRoute({
  id: 'rotateSecret',
  method: 'POST',
  path: 'api/subscriptions/{subscription_id}/rotate-secret',
  role: 'Incidents.Read',
  summary: 'Get a new secret, shown once; for a day the one before signs too.',
  answers: { 200: 'SubscriptionSecret' },
  errors: ['invalid_request', 'subscription_not_found'],
  handle: async ({ params, caller, correlationId }, services) => {
    const id = params.subscription_id;
    const rotated = await services.subscriptions.rotate(caller, id);
    const done = { act: 'subscription.rotate', subject: id } as const;
    await services.recordEvent({ ...done, actor: caller.id, correlationId });
    return { jsonBody: toSecretJson(rotated) };
  },
});
