import type { HttpHandler, HttpMethod, HttpRequest, HttpResponseInit } from '@azure/functions';
import * as v from 'valibot';
import type { LimitedWork } from '../shared/budgets/caller-limits.ts';
import type { AppRole, Caller } from '../shared/callers/caller.ts';
import type { ErrorCode } from '../shared/errors.ts';
import { assertNoBody, readJson, readJsonOrForm } from './input/read-body.ts';
import { readQuery } from './input/read-query.ts';
import type { InvocationLog } from './log.ts';
import type { Services } from './services.ts';

/** An HTTP function: the routing table registers it and the OpenAPI description shows it. */
export type Route = ApiRoute | PageRoute | OpenRoute;

interface RouteBase {
  /** Name of the function, of its log lines and of the operation in the description. */
  readonly id: string;
  readonly method: HttpMethod;
  /** From the root of the host: `api/tenants/{tenant}`. */
  readonly path: string;
  readonly summary: string;
}

/** A route for tools: what it takes, answers and refuses. `S`: the services that it needs. */
export interface ApiRoute<S = Services> extends RouteBase {
  readonly kind: 'api';
  /** The app role that the caller's token must hold. */
  readonly role: AppRole;
  /**
   * It serves who holds the role also while no ledger says who is blocked: it is what puts that
   * right.
   */
  readonly repairsLedger?: true;
  /** Its answer holds a customer's token, which no browser gets: a session does not open it. */
  readonly bearerOnly?: true;
  /** `undefined`: a query is refused. */
  readonly query?: v.GenericSchema | undefined;
  /** Parameters of the query that take several values, joined by commas. */
  readonly lists?: readonly string[];
  /** `undefined`: a body is refused. */
  readonly body?: v.GenericSchema | undefined;
  /** The body may also be `application/x-www-form-urlencoded`. */
  readonly forms?: boolean;
  /** Where the usual limit of bodies is too low. */
  readonly maxBodyBytes?: number;
  readonly examples?: Readonly<Record<string, ExampleRequest>>;
  /** A query and a tenant for a request that shows the route, where the usual ones do not serve. */
  readonly sample?: { readonly query?: string; readonly tenant?: string };
  /** The usual answer says its version in `ETag`. */
  readonly hasETag?: true;
  /** Headers by which the caller says on which version the change was decided (RFC 9110). */
  readonly conditions?: readonly ('if-match' | 'if-none-match')[];
  /** The name of the answer's schema by status; the first one is the usual answer. */
  readonly answers: Readonly<Record<number, string | undefined>>;
  /** Other forms of the usual answer, by media type; each is text. */
  readonly textForms?: readonly string[];
  /** Work that counts against the caller's budget, once the request is understood. */
  readonly work?: LimitedWork;
  /** What it refuses with, beside what every route may answer. */
  readonly errors: readonly ErrorCode[];
  /** Parses the query and the body, then answers; throws BrokerErrors. */
  readonly answer: (call: ApiCall, services: S) => Promise<HttpResponseInit>;
}

/** A route for the browser of a customer's admin: it answers pages and redirects. */
export interface PageRoute extends RouteBase {
  readonly kind: 'page';
  /** HEAD is answered, too, as checkers of links ask it. */
  readonly head?: boolean;
  /** What the handler reads from the query, or from a form. */
  readonly query?: v.GenericSchema;
  readonly form?: v.GenericSchema;
  readonly answer: (request: HttpRequest, services: Services) => Promise<HttpResponseInit>;
}

/** A route that decides for itself who may call it. */
export interface OpenRoute extends RouteBase {
  readonly kind: 'open';
  /** The part of the description that it belongs to. */
  readonly tag: 'api' | 'oauth' | 'proxy' | 'mcp' | 'console';
  /** HEAD is answered, too: the host answers 404 to methods that are not declared. */
  readonly head?: boolean;
  /** What the handler reads from a form. */
  readonly form?: v.GenericSchema;
  /** `undefined`: an object without a schema. */
  readonly answers: Readonly<Record<number, string | undefined>>;
  readonly errors: readonly ErrorCode[];
  readonly createHandler: (parts: HandlerParts) => HttpHandler;
}

/** What handlers are made of. */
export interface HandlerParts {
  readonly getServices: () => Services;
  readonly log: InvocationLog;
}

/** A body that a tool may send, ready to be sent to a broker that knows the example's tenant. */
interface ExampleRequest {
  readonly summary: string;
  readonly value: Readonly<Record<string, unknown>>;
}

/** A request of an authenticated caller. */
export interface ApiCall {
  readonly http: HttpRequest;
  readonly caller: Caller;
  /** Names this request in answers, logs and the ledger. */
  readonly correlationId: string;
}

/** The same with its path, query and body parsed. */
interface ApiRequest<Path extends string, Query, Body> extends ApiCall {
  readonly params: Readonly<Record<ParameterName<Path>, string>>;
  readonly query: Query;
  readonly body: Body;
}

type ParameterName<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? Name | ParameterName<Rest>
  : never;

type Output<Schema> = Schema extends v.GenericSchema ? v.InferOutput<Schema> : undefined;

type ApiRouteInit<Path extends string, Query, Body, S> = Omit<
  ApiRoute,
  'kind' | 'path' | 'query' | 'body' | 'answer'
> & {
  readonly path: Path;
  readonly query?: Query;
  readonly body?: Body;
  readonly handle: (
    request: ApiRequest<Path, Output<Query>, Output<Body>>,
    services: S,
  ) => Promise<HttpResponseInit> | HttpResponseInit;
};

/** Makes a route for tools, whose handler gets what its schemas made of the request. */
export function apiRoute<
  const Path extends string,
  Query extends v.GenericSchema | undefined = undefined,
  Body extends v.GenericSchema | undefined = undefined,
  S extends Pick<Services, 'budgets'> = Services,
>({ handle, ...route }: ApiRouteInit<Path, Query, Body, S>): ApiRoute<S> {
  const { query = NO_QUERY, lists, body, forms = false, maxBodyBytes, work } = route;
  return {
    ...route,
    kind: 'api',
    answer: async (call, services) => {
      const input = {
        params: call.http.params as Record<ParameterName<Path>, string>,
        query: readQuery(call.http, query, lists) as Output<Query>,
        body: (await readBody(call.http, { body, forms, maxBodyBytes })) as Output<Body>,
      };
      if (work) services.budgets.spend(call.caller.id, work);
      return await handle({ ...call, ...input }, services);
    },
  };
}

const NO_QUERY = v.strictObject({});

async function readBody(
  http: HttpRequest,
  {
    body,
    forms,
    maxBodyBytes,
  }: { body: v.GenericSchema | undefined; forms: boolean; maxBodyBytes: number | undefined },
): Promise<unknown> {
  if (!body) return await assertNoBody(http);
  return forms ? await readJsonOrForm(http, body) : await readJson(http, body, maxBodyBytes);
}
