import { apiRoute } from '../route.ts';
import { toCallerJson } from './caller-json.ts';

/** `GET /callers`: every caller with grants. */
export const listCallers = apiRoute({
  id: 'listCallers',
  method: 'GET',
  path: 'api/callers',
  role: 'Policy.Manage',
  work: 'list',
  summary: 'See every caller that has grants.',
  answers: { 200: 'CallerList' },
  errors: [],
  handle: async (_, { grantAdministration }) => ({
    jsonBody: { value: (await grantAdministration.list()).map(toCallerJson) },
  }),
});
