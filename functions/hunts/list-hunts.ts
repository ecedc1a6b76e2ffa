import * as v from 'valibot';
import { pageSizeSchema } from '../input/page-size.ts';
import { apiRoute } from '../route.ts';
import { toHuntJson } from './hunt-json.ts';

/** The query of the list; a cursor is a place in it. */
const listQuerySchema = v.strictObject({
  cursor: v.optional(v.pipe(v.string(), v.regex(/^\d{13}~[\da-f-]{36}$/, 'Send next_cursor.'))),
  limit: pageSizeSchema,
});

/** `GET /hunts`: the caller's hunts, the newest first. */
export const listHunts = apiRoute({
  id: 'listHunts',
  method: 'GET',
  path: 'api/hunts',
  role: 'Hunting.Run',
  work: 'list',
  summary: "See the caller's hunts, the newest first.",
  query: listQuerySchema,
  answers: { 200: 'HuntPage' },
  errors: ['invalid_request'],
  handle: async ({ query, caller }, { loadHunting }) => {
    const hunting = await loadHunting();
    const { cursor: after, limit } = query;
    const page = await hunting.hunts.list(caller, { after, limit });
    return { jsonBody: { value: page.hunts.map(toHuntJson), next_cursor: page.next } };
  },
});
