import type * as v from 'valibot';
import {
  EXAMPLE_CALLER,
  EXAMPLE_HUNT,
  EXAMPLE_INCIDENT,
  EXAMPLE_INVITATION,
  EXAMPLE_QUERY_NAME,
  EXAMPLE_SUBSCRIPTION,
} from '../../functions/examples.ts';
import type { ApiRoute } from '../../functions/route.ts';
import { type Json, toSchema } from './json-schema.ts';

const PATH_PARAMETERS: Readonly<Record<string, Json>> = {
  tenant: { description: 'Tenant id or verified domain.', example: 'contoso.example' },
  client_id: {
    description: 'Client id of a tool, or object id of a person.',
    example: EXAMPLE_CALLER,
  },
  id: { description: 'Id of the incident.', example: EXAMPLE_INCIDENT },
  subscription_id: { description: 'Id of the subscription.', example: EXAMPLE_SUBSCRIPTION },
  hunt_id: { description: 'Id of the hunt.', example: EXAMPLE_HUNT },
  name: { description: 'Name of the saved query.', example: EXAMPLE_QUERY_NAME },
  file: { description: 'Name of a file of the console.', example: 'style.css' },
  invitation_id: {
    description: 'Id of the invitation, or its hash as the list shows it.',
    example: EXAMPLE_INVITATION,
  },
  resource: { description: 'Name of the API.', example: 'defender-xdr' },
  path: {
    description: "Path of the API's call, with its slashes; its query is passed on.",
    example: 'api/incidents',
  },
};

/** The parameters in a path. */
export function toPathParameters(route: string): Json[] {
  return [...route.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
    ...PATH_PARAMETERS[name],
  }));
}

const QUERY_PARAMETERS: Readonly<Record<string, string>> = {
  invitation: 'The id of the invitation, as it stands in `consent_url`.',
  status: 'Only those in this state.',
  tag: 'Only tenants with this tag.',
  q: 'Only tenants whose name or id holds this text.',
  tenant: 'Only this tenant, by id or verified domain.',
  severity: 'Only of these severities.',
  kind: 'Only changes of these kinds.',
  assigned_to: 'Only those assigned to this user principal name.',
  updated_since: 'Updated at this instant or later.',
  created_since: 'Created at this instant or later.',
  act: 'Only these acts.',
  actor: 'Only what this caller did; `broker` is the broker by itself.',
  subject: 'Only what is about this caller, invitation, incident or subscription.',
  would_be_denied: 'Only what an enforced policy would have refused.',
  live: 'Only tokens that still work.',
  since: 'Recorded at this instant or later; without a cursor only where there is one.',
  wait: 'Seconds to wait for something new when there is nothing, 0 to 30; many who wait are answered at once.',
  order:
    '`tenant`: by tenant, newest id first; `updated`: the last updated of all tenants first, with `fleet_coverage`.',
  include:
    "Of one incident `alerts` asks Microsoft now, instead of the store. Of lists `raw` is Microsoft's JSON as it is stored, and `alerts` what it says of alerts; `null` where it is over 1 MiB, or says nothing of them.",
  cursor: 'The `next_cursor` of the page before.',
  limit: 'How many per page at most, 1 to 500.',
  format: 'Rows as JSON, as a JSON object a line, or as CSV with a header on the first page.',
};

/** The parameters behind the `?`, from the schema that reads them. */
export function toQueryParameters(schema: v.GenericSchema, lists: readonly string[] = []): Json[] {
  const schemas = toSchema(schema) as { properties?: Record<string, Json> };
  const { properties = {} } = schemas;
  const { properties: read = {} } = toSchema(schema, 'output') as typeof schemas;
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: 'query',
    required: false,
    description: QUERY_PARAMETERS[name],
    ...(lists.includes(name) && { style: 'form', explode: false }),
    schema: toParameterSchema(property, read[name]),
  }));
}

/** A list or a number is text in the address only: the description says what it is read as. */
function toParameterSchema(written: Json, read: Json = {}): Json {
  if (read.type === 'array') return read;
  if (read.type !== 'integer') return written;
  return 'default' in written ? { ...read, default: Number(written.default) } : read;
}

const HEADER_PARAMETERS = {
  'if-match': {
    name: 'If-Match',
    description: 'The `etag` of the record that the change was decided on; else 412.',
  },
  'if-none-match': { name: 'If-None-Match', description: '`*`: only where there is none yet.' },
} as const;

/** The headers of conditional requests, where a route honours them. */
export function toHeaderParameters({ conditions = [] }: ApiRoute): Json[] {
  const schema = { type: 'string' };
  return conditions.map((name) => ({ ...HEADER_PARAMETERS[name], in: 'header', schema }));
}
