import * as v from 'valibot';
import { toHuntStatus } from '../../shared/hunting/hunt.ts';
import { RESULT_FORMATS } from '../../shared/hunting/results/format.ts';
import { apiRoute } from '../route.ts';
import { toPageAnswer } from './page-answer.ts';

/** The query of a page of results. */
const resultQuerySchema = v.strictObject({
  cursor: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(1000))),
  format: v.optional(v.picklist(RESULT_FORMATS), 'json'),
});

/** `GET /hunts/{hunt_id}/results`: the rows of all customers as one table, page by page. */
export const getHuntResults = apiRoute({
  id: 'getHuntResults',
  method: 'GET',
  path: 'api/hunts/{hunt_id}/results',
  role: 'Hunting.Run',
  work: 'list',
  summary:
    'Read the rows of all customers as one table, in pages of at most 4 MB: follow the Link header until there is none. While the hunt runs, the same cursor goes on with what is stored next.',
  query: resultQuerySchema,
  answers: { 200: 'HuntResults' },
  textForms: ['application/x-ndjson', 'text/csv'],
  errors: ['invalid_request', 'hunt_not_found'],
  handle: async ({ params, query, caller }, { loadHunting }) => {
    const hunting = await loadHunting();
    const { cursor, format } = query;
    const { hunt, progress } = await hunting.hunts.get(caller, params.hunt_id);
    const page = await hunting.readResults({ caller, hunt, progress, cursor, format });
    const about = { hunt_id: hunt.id, status: toHuntStatus(progress) };
    return toPageAnswer(page, { about, format, toResultsUrl: hunting.toResultsUrl });
  },
});
