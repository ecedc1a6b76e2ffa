import type { ApiHandle } from '../api.ts';
import { toLiveTokenJson } from '../audit/list-issuances.ts';

/** `DELETE /callers/{client_id}`: takes every grant away; answers what the caller still holds. */
export const deleteCaller: ApiHandle = async ({ http, caller, correlationId }, services) => {
  const callerId = await services.grantAdministration.remove(http.params.client_id ?? '');
  const done = { act: 'grants.remove', subject: callerId } as const;
  await services.recordAct({ ...done, actor: caller.id, correlationId });
  const live = await services.audit.listLive({ callerId });
  return { jsonBody: { caller: callerId, live_tokens: live.map(toLiveTokenJson) } };
};
