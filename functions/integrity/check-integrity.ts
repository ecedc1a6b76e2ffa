import { apiRoute } from '../route.ts';
import { toIntegrityJson } from './integrity-json.ts';

/**
 * `POST /integrity/check`: looks at every row that decides something and at the whole chain of
 * events, now.
 */
export const checkIntegrity = apiRoute({
  id: 'checkIntegrity',
  method: 'POST',
  path: 'api/integrity/check',
  role: 'Audit.Read',
  summary:
    'Look at every row that decides something and at the chain of events: what did somebody else than the broker write?',
  answers: { 200: 'Integrity' },
  errors: [],
  handle: async (_, services) => ({
    jsonBody: toIntegrityJson(await services.integrity.check()),
  }),
});
