import type * as v from 'valibot';
import type { ApiRoute, OpenRoute, PageRoute, Route } from '../../functions/route.ts';
import { ROUTES } from '../../functions/routes.ts';
import type { ErrorCode } from '../../shared/errors.ts';
import { ANSWERS, isAnswerName } from './answers.ts';
import { toErrorExamples, toErrorResponses } from './errors.ts';
import { type Json, toSchema } from './json-schema.ts';
import { toHeaderParameters, toPathParameters, toQueryParameters } from './parameters.ts';

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
      { name: 'oauth', description: 'For unmodified OAuth clients.' },
      { name: 'proxy', description: "Customers' APIs, without a token for the caller." },
      { name: 'pages', description: "For the browser of a customer's admin." },
      { name: 'mcp', description: 'Tools for agents (Model Context Protocol).' },
      { name: 'console', description: "For the operators' page: it signs in by a cookie." },
    ],
    paths: toPaths(ROUTES.map(toEntry)),
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

/** What every route for tools may answer. */
const COMMON_ERRORS: readonly ErrorCode[] = [
  'invalid_request',
  'invalid_token',
  'insufficient_scope',
  'caller_blocked',
  'too_many_requests',
  'temporarily_unavailable',
  'server_error',
];

function toEntry(route: Route): Entry {
  const operation = route.kind === 'page' ? toPageOperation(route) : toToolOperation(route);
  const path = route.path.replace('{*path}', '{path}');
  return [path === '/' ? '/' : `/${path}`, route.method.toLowerCase(), operation];
}

function toToolOperation(route: ApiRoute | OpenRoute): Json {
  const { role, query, lists } = route.kind === 'api' ? route : {};
  const common = route.kind === 'api' ? COMMON_ERRORS : [];
  const errors = [...new Set([...route.errors, ...common])];
  const parameters = [
    ...toPathParameters(route.path.replace('{*path}', '{path}')),
    ...(query ? toQueryParameters(query, lists) : []),
    ...(route.kind === 'api' ? toHeaderParameters(route) : []),
  ];
  return {
    operationId: route.id,
    summary: route.summary,
    tags: [route.kind === 'api' ? 'api' : route.tag],
    security: role ? [{ callerToken: [role] }] : [],
    ...(parameters.length > 0 && { parameters }),
    ...toRequestBody(route),
    responses: { ...toAnswers(route), ...toErrorResponses(errors) },
  };
}

function toPageOperation({ id, path, summary, query, form }: PageRoute): Json {
  const page = { content: { 'text/html': { schema: { type: 'string' } } } };
  const parameters = [...toPathParameters(path), ...(query ? toQueryParameters(query) : [])];
  return {
    operationId: id,
    summary,
    tags: ['pages'],
    security: [],
    ...(parameters.length > 0 && { parameters }),
    ...(form && toFormBody(form)),
    responses: {
      200: { description: "A page in the visitor's language.", ...page },
      303: { description: 'Onwards, with a cookie.' },
      '4XX': { description: 'A page that says what was refused and what to do.', ...page },
      '5XX': { description: 'A page that asks to try again later.', ...page },
    },
  };
}

function toRequestBody(route: ApiRoute | OpenRoute): Json {
  if (route.kind === 'open') return route.form ? toFormBody(route.form) : {};
  const { body, examples = {}, forms = false } = route;
  if (!body) return {};
  const media = { schema: toSchema(body), examples };
  const content = {
    'application/json': media,
    ...(forms && { 'application/x-www-form-urlencoded': media }),
  };
  return { requestBody: { required: false, content } };
}

function toFormBody(form: v.GenericSchema): Json {
  const content = { 'application/x-www-form-urlencoded': { schema: toSchema(form) } };
  return { requestBody: { required: true, content } };
}

const DESCRIPTIONS: Readonly<Record<string, string>> = {
  200: 'Done.',
  201: 'Made.',
  202: 'Accepted: it goes on by itself.',
  204: 'Done.',
  207: 'One result or error each, in the order of the request.',
  303: 'Onwards, with a cookie.',
  400: 'Refused: the description says who has to do what.',
  401: 'The client is not accepted.',
  405: 'Not served: the Allow header says what is.',
  429: 'Only this customer or client has to wait.',
  500: 'An unexpected condition.',
  503: 'Not available now.',
};

const BODILESS = new Set(['204', '303']);

function toAnswers(route: ApiRoute | OpenRoute): Json {
  const { answers } = route;
  const texts = route.kind === 'api' ? (route.textForms ?? []) : [];
  const forms = Object.fromEntries(texts.map((type) => [type, { schema: { type: 'string' } }]));
  const isTagged = route.kind === 'api' && route.tagged;
  const headers = isTagged && { headers: { ETag: { schema: { type: 'string' } } } };
  const entries = Object.entries(answers).map(([status, answer]) => {
    const description = DESCRIPTIONS[status];
    if (BODILESS.has(status)) return [status, { description }];
    const json = { 'application/json': { schema: toAnswerSchema(answer) } };
    const content = status === '200' ? { ...json, ...forms } : json;
    return [status, { description, ...headers, content }];
  });
  return Object.fromEntries(entries);
}

function toAnswerSchema(answer: string | undefined): Json {
  if (answer === undefined) return { type: 'object' };
  if (!isAnswerName(answer)) throw new Error(`No schema describes the answer ${answer}.`);
  return { $ref: `#/components/schemas/${answer}` };
}
