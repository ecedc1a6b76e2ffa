import type { ApiHandle } from '../api.ts';
import { toSecretJson } from './subscription-json.ts';

/** `POST /subscriptions/{subscription_id}/rotate-secret`: shows a new secret, once; the old one signs too for a day. */
export const rotateSecret: ApiHandle = async ({ http, caller, correlationId }, services) => {
  const id = http.params.subscription_id ?? '';
  const rotated = await services.subscriptions.rotate(caller, id);
  const done = { act: 'subscription.rotate', subject: id } as const;
  await services.recordAct({ ...done, actor: caller.id, correlationId });
  return { jsonBody: toSecretJson(rotated) };
};
