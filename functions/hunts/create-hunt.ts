import { EXAMPLE_QUERY } from '../examples.ts';
import { apiRoute } from '../route.ts';
import {
  huntRequestSchema,
  MAX_HUNT_BODY_BYTES,
  toQueryInput,
  toTargetQuery,
} from './hunt-body.ts';
import { toHuntJson } from './hunt-json.ts';

/** `POST /hunts`: asks one query of many customers. */
export const createHunt = apiRoute({
  id: 'createHunt',
  method: 'POST',
  path: 'api/hunts',
  role: 'Hunting.Run',
  work: 'hunt',
  summary:
    'Ask one KQL query of many customers: those that are named, those with a tag, or all that the caller may hunt at. Every customer ends with a verdict.',
  body: huntRequestSchema,
  maxBodyBytes: MAX_HUNT_BODY_BYTES,
  examples: {
    all: { summary: 'At all customers', value: { query: EXAMPLE_QUERY } },
    some: {
      summary: 'At gold customers, of the last week, with a parameter',
      value: {
        query: 'DeviceInfo | where DeviceName startswith prefix | project Timestamp, DeviceName',
        tag: 'gold',
        timespan: 'P7D',
        max_rows: 1000,
        name: 'Finance devices',
        parameters: { prefix: 'fin-' },
      },
    },
  },
  answers: { 202: 'Hunt' },
  errors: ['invalid_request', 'access_denied', 'query_not_found'],
  handle: async ({ body, caller, correlationId }, { loadHunting, recordEvent }) => {
    const hunting = await loadHunting();
    const { timespan, max_rows, max_total_rows, name } = body;
    const created = await hunting.create({
      caller,
      query: toQueryInput(body),
      ...toTargetQuery(body),
      timespan,
      maxRows: max_rows,
      maxTotalRows: max_total_rows,
      name,
      record: ({ id }) =>
        recordEvent({ act: 'hunt.create', subject: id, actor: caller.id, correlationId }),
    });
    const hunt = toHuntJson(created);
    return { status: 202, jsonBody: hunt, headers: { location: hunt.status_url } };
  },
});
