import { listLiveTokens } from '../audit/list-issuances.ts';
import { apiRoute } from '../route.ts';

/** `DELETE /callers/{client_id}`: takes every grant away; answers what the caller still holds. */
export const deleteCaller = apiRoute({
  id: 'deleteCaller',
  method: 'DELETE',
  path: 'api/callers/{client_id}',
  role: 'Policy.Manage',
  summary: 'Take every grant of a caller away, everywhere within five seconds.',
  answers: { 200: 'RemovedCaller' },
  errors: ['invalid_request', 'caller_not_found'],
  handle: async ({ params, caller, correlationId }, services) => {
    const callerId = await services.grantAdministration.remove(params.client_id);
    const done = { act: 'grants.remove', subject: callerId } as const;
    await services.recordEvent({ ...done, actor: caller.id, correlationId });
    const { json } = await listLiveTokens(services, { callerId });
    return { jsonBody: { caller: callerId, ...json } };
  },
});
