import type { IncomingMessage, ServerResponse } from 'node:http';
import type { HttpFunction } from '../triggers.ts';
import type { Invoke } from '../worker/invoke.ts';
import { answerHomepage } from './homepage.ts';
import { readBody, toHttpRequestData } from './http-request.ts';
import { sendResponse, sendStatus } from './http-response.ts';
import type { Answer } from './http-server.ts';
import type { HasKey } from './keys.ts';
import { type RequestHead, readRequestHead } from './request-head.ts';
import { createRouteTable, type RouteMatch } from './route-table.ts';

/** A request whose head was understood. */
export interface HttpCall {
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
  readonly head: RequestHead;
}

/** Answers what belongs to the host itself; `false`: the path is none of its own. */
export type AnswerOwn = (call: HttpCall) => Promise<boolean>;

/** What the HTTP front end needs. */
interface HttpTriggerOptions {
  readonly functions: readonly HttpFunction[];
  readonly routePrefix: string;
  readonly invoke: Invoke;
  readonly answerOwn: AnswerOwn;
  readonly hasKey: HasKey;
  /** Whether `/` is answered 204 where no function answers it. */
  readonly isHomepageDisabled: boolean;
  /** In bytes; the real front end's 100 MB by default. */
  readonly bodyLimitBytes?: number;
}

/** Routes requests to the host's own paths, then to functions. */
export function createHttpTrigger(options: HttpTriggerOptions): Answer {
  const { routePrefix, answerOwn, isHomepageDisabled } = options;
  const findRoute = createRouteTable(
    options.functions.map((target) => {
      const { name, route, methods } = target;
      return { name, template: `${routePrefix}/${route}`, methods, target };
    }),
  );
  const runFunction = createFunctionRunner(options);
  return async (incoming, outgoing) => {
    const head = readRequestHead(incoming);
    if (typeof head === 'number') return refuse(incoming, outgoing, head);
    const call = { incoming, outgoing, head };
    if (await answerOwn(call)) return;
    const match = findRoute(incoming.method ?? '', head.path);
    if (match) return await runFunction(call, match);
    incoming.resume();
    if (head.path === '/') answerHomepage(outgoing, isHomepageDisabled);
    else sendStatus(outgoing, 404);
  };
}

const MAX_BODY_BYTES = 100 * 1024 * 1024;

function createFunctionRunner({
  invoke,
  hasKey,
  bodyLimitBytes = MAX_BODY_BYTES,
}: HttpTriggerOptions) {
  return async (call: HttpCall, { target, params }: RouteMatch<HttpFunction>): Promise<void> => {
    const { incoming, outgoing, head } = call;
    if (target.authLevel !== 'anonymous' && !hasKey(head)) {
      incoming.resume();
      sendStatus(outgoing, 401);
      return;
    }
    // Without a host there is no URL, and without one no request for the app.
    if (head.host === undefined) return refuse(incoming, outgoing, 500);
    const body = await readBody(incoming, bodyLimitBytes);
    if (body === 'too large') return refuse(incoming, outgoing, 500);
    const http = toHttpRequestData({ method: incoming.method ?? '', head, params, body });
    const traceParent = http.nullableHeaders.traceparent?.value;
    const traceState = http.nullableHeaders.tracestate?.value;
    const input = { data: { http }, traceParent, traceState };
    // The invocation has logged its failure, and the caller is told nothing of it.
    const response = await invoke(target.registered, input).catch(() => 500);
    if (typeof response === 'number') sendStatus(outgoing, response);
    else sendResponse(outgoing, response.returnValue?.http);
  };
}

/** Ends the connection too, since what the client still sends of this request is not read. */
function refuse(incoming: IncomingMessage, outgoing: ServerResponse, status: number): void {
  incoming.resume();
  outgoing.shouldKeepAlive = false;
  sendStatus(outgoing, status);
}
