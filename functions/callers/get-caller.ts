import { apiRoute } from '../route.ts';
import { toCallerJson } from './caller-json.ts';

/** `GET /callers/{client_id}`: what one caller may have. */
export const getCaller = apiRoute({
  id: 'getCaller',
  method: 'GET',
  path: 'api/callers/{client_id}',
  role: 'Policy.Manage',
  summary: 'See what one caller may have.',
  answers: { 200: 'Caller' },
  hasETag: true,
  errors: ['invalid_request', 'caller_not_found'],
  handle: async ({ params }, { grantAdministration }) => {
    const json = toCallerJson(await grantAdministration.get(params.client_id));
    return { headers: { etag: json.etag }, jsonBody: json };
  },
});
