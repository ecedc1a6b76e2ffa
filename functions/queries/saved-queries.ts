import * as v from 'valibot';
import { PARAMETER_TYPES } from '../../shared/hunting/query/literal.ts';
import { MAX_HUNT_BODY_BYTES, parameterNameSchema } from '../hunts/hunt-body.ts';
import { apiRoute } from '../route.ts';
import { toQueryJson } from './query-json.ts';

const path = 'api/queries/{name}';

/** The body of a saved query. */
const savedQuerySchema = v.strictObject({
  query: v.pipe(v.string(), v.minLength(1)),
  parameters: v.optional(v.record(parameterNameSchema, v.picklist(PARAMETER_TYPES)), {}),
  description: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(1000))),
});

/** `GET /queries`: the library. */
export const listQueries = apiRoute({
  id: 'listQueries',
  method: 'GET',
  path: 'api/queries',
  role: 'Hunting.Run',
  work: 'list',
  summary: 'See all saved queries, by name.',
  answers: { 200: 'SavedQueryList' },
  errors: [],
  handle: async (_, { loadHunting }) => {
    const { savedQueries } = await loadHunting();
    return { jsonBody: { value: (await savedQueries.list()).map(toQueryJson) } };
  },
});

/** `GET /queries/{name}`. */
export const getQuery = apiRoute({
  id: 'getQuery',
  method: 'GET',
  path,
  role: 'Hunting.Run',
  summary: 'See one saved query.',
  answers: { 200: 'SavedQuery' },
  errors: ['query_not_found'],
  handle: async ({ params }, { loadHunting }) => {
    const { savedQueries } = await loadHunting();
    return { jsonBody: toQueryJson(await savedQueries.get(params.name)) };
  },
});

/** `PUT /queries/{name}`: writes a query, over one of the same name. */
export const putQuery = apiRoute({
  id: 'putQuery',
  method: 'PUT',
  path,
  role: 'Hunting.Run',
  summary:
    'Save a query with the types of its parameters, over one of the same name. All who may hunt share the library.',
  body: savedQuerySchema,
  maxBodyBytes: MAX_HUNT_BODY_BYTES,
  examples: {
    logons: {
      summary: 'Logons of one account since a time',
      value: {
        query:
          'DeviceLogonEvents | where Timestamp > since and AccountName =~ account | project Timestamp, DeviceName, LogonType',
        parameters: { since: 'datetime', account: 'string' },
        description: 'Where an account was used.',
      },
    },
  },
  answers: { 200: 'SavedQuery', 201: 'SavedQuery' },
  errors: ['invalid_request'],
  handle: async ({ params, body, caller, correlationId }, { loadHunting, recordEvent }) => {
    const hunting = await loadHunting();
    const { query, parameters, description } = body;
    const input = { name: params.name, query, parameters, description };
    const { saved, isNew } = await hunting.savedQueries.put(caller, input);
    const done = { act: 'query.put', subject: saved.name } as const;
    await recordEvent({ ...done, actor: caller.id, correlationId });
    return { status: isNew ? 201 : 200, jsonBody: toQueryJson(saved) };
  },
});

/** `DELETE /queries/{name}`. */
export const deleteQuery = apiRoute({
  id: 'deleteQuery',
  method: 'DELETE',
  path,
  role: 'Hunting.Run',
  summary: 'Remove a saved query; hunts that were made with it stay.',
  answers: { 204: undefined },
  errors: ['query_not_found'],
  handle: async ({ params, caller, correlationId }, { loadHunting, recordEvent }) => {
    const hunting = await loadHunting();
    await hunting.savedQueries.remove(params.name);
    const done = { act: 'query.remove', subject: params.name } as const;
    await recordEvent({ ...done, actor: caller.id, correlationId });
    return { status: 204 };
  },
});
