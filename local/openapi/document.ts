import { toJsonSchema } from '@valibot/to-json-schema';
import type * as v from 'valibot';
import { ANSWERS } from './answers.ts';
import { toErrorExamples, toErrorResponses } from './errors.ts';
import { EXAMPLE_INCIDENT } from './incident-operations.ts';
import type { ApiOperation } from './operation.ts';
import { API_OPERATIONS, PAGE_OPERATIONS, type PageOperation } from './operations.ts';
import { EXAMPLE_CALLER } from './policy-operations.ts';
import { EXAMPLE_SUBSCRIPTION } from './subscription-operations.ts';

/** A JSON object of the description. */
export type Json = Record<string, unknown>;

/** Builds the OpenAPI 3.1 description from the schemas that validate requests. */
export function createOpenApiDocument(): Json {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Partner broker for Microsoft Defender',
      version: '1.0.0',
      description:
        "A customer's admin consents once; from then on the partner's tools get app-only tokens for that customer.",
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    tags: [
      { name: 'api', description: "For the partner's own tools." },
      { name: 'pages', description: "For the browser of a customer's admin." },
    ],
    paths: toPaths([...API_OPERATIONS.map(toApiEntry), ...PAGE_OPERATIONS.map(toPageEntry)]),
    components: {
      securitySchemes: {
        callerToken: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description:
            "An access token of the home tenant for the broker's API, with the app role.",
        },
      },
      schemas: Object.fromEntries(
        Object.entries(ANSWERS).map(([name, schema]) => [name, toSchema(schema)]),
      ),
      examples: toErrorExamples(),
    },
  };
}

type Entry = readonly [path: string, method: string, operation: Json];

function toPaths(entries: readonly Entry[]): Json {
  const paths: Record<string, Json> = {};
  for (const [path, method, operation] of entries) {
    paths[path] = { ...paths[path], [method]: operation };
  }
  return paths;
}

function toApiEntry(operation: ApiOperation): Entry {
  const { id, target, role, summary, errors, query, body } = operation;
  const [method = '', route = ''] = target.split(' ');
  const parameters = [...toPathParameters(route), ...(query ? toQueryParameters(query) : [])];
  return [
    `/${route}`,
    method.toLowerCase(),
    {
      operationId: id,
      summary,
      tags: ['api'],
      security: role ? [{ callerToken: [role] }] : [],
      ...(parameters.length > 0 && { parameters }),
      ...(body && { requestBody: toRequestBody(operation, body) }),
      responses: { ...toSuccess(operation), ...toErrorResponses(errors) },
    },
  ];
}

function toPageEntry({ id, target, summary }: PageOperation): Entry {
  const [method = '', route = ''] = target.split(' ');
  const page = { content: { 'text/html': { schema: { type: 'string' } } } };
  const parameters = toPathParameters(route);
  return [
    `/${route}`,
    method.toLowerCase(),
    {
      operationId: id,
      summary,
      tags: ['pages'],
      security: [],
      ...(parameters.length > 0 && { parameters }),
      responses: {
        200: { description: "A page in the visitor's language.", ...page },
        303: { description: 'Onwards, with a cookie.' },
        '4XX': { description: 'A page that says what was refused and what to do.', ...page },
        '5XX': { description: 'A page that asks to try again later.', ...page },
      },
    },
  ];
}

const PATH_PARAMETERS: Readonly<Record<string, Json>> = {
  tenant: { description: 'Tenant id or verified domain.', example: 'contoso.example' },
  client_id: {
    description: 'Client id of a tool, or object id of a person.',
    example: EXAMPLE_CALLER,
  },
  id: { description: 'Id of the incident.', example: EXAMPLE_INCIDENT },
  subscription_id: { description: 'Id of the subscription.', example: EXAMPLE_SUBSCRIPTION },
  invitation: { description: 'Id of the invitation.', example: '9m2QxZbq' },
};

function toPathParameters(route: string): Json[] {
  return [...route.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
    ...PATH_PARAMETERS[name],
  }));
}

const QUERY_PARAMETERS: Readonly<Record<string, string>> = {
  status: 'Only those in this state.',
  tag: 'Only tenants with this tag.',
  tenant: 'Only this tenant, by id or verified domain.',
  severity: 'Only of this severity.',
  assigned_to: 'Only those assigned to this user principal name.',
  updated_since: 'Updated at this instant or later.',
  created_since: 'Created at this instant or later.',
  since: 'Recorded at this instant or later; without a cursor only where there is one.',
  wait: 'Seconds to wait for something new when there is nothing, 0 to 30; many who wait are answered at once.',
  include: '`alerts`: asks Microsoft now, with the alerts, instead of the store.',
  cursor: 'The `next_cursor` of the page before.',
  limit: 'How many per page at most, 1 to 500.',
};

function toQueryParameters(schema: v.GenericSchema): Json[] {
  const { properties = {} } = toSchema(schema) as { properties?: Record<string, Json> };
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: 'query',
    required: false,
    description: QUERY_PARAMETERS[name],
    schema: property,
  }));
}

function toRequestBody({ examples = {}, forms }: ApiOperation, body: v.GenericSchema): Json {
  const media = { schema: toSchema(body), examples };
  return {
    required: false,
    content: {
      'application/json': media,
      ...(forms && { 'application/x-www-form-urlencoded': media }),
    },
  };
}

function toSuccess({ id, success: { status, answer, made } }: ApiOperation): Json {
  const schema = answer ? { $ref: `#/components/schemas/${answer}` } : { type: 'object' };
  const content = { 'application/json': { schema } };
  const success = {
    [status]: { description: status === 201 ? 'Made.' : 'Done.', content },
    ...(made && { 201: { description: 'Made.', content } }),
  };
  // The only route whose failure is not an error: it is the news.
  if (id !== 'health') return success;
  return { ...success, 503: { description: 'The broker could not start.', content } };
}

/** What a caller may send: before transformations; checks in code have no counterpart in JSON Schema. */
function toSchema(schema: v.GenericSchema): Json {
  const { $schema: _, ...rest } = toJsonSchema(schema, { typeMode: 'input', errorMode: 'ignore' });
  return rest;
}
