import type { IncomingMessage, ServerResponse } from 'node:http';
import type { HttpFunction } from '../triggers.ts';
import type { Invoke } from '../worker/invoke.ts';
import { readBody, toHttpRequestData } from './http-request.ts';
import { sendResponse, sendStatus } from './http-response.ts';
import type { Answer } from './http-server.ts';
import { createRouteTable, splitPath } from './route-table.ts';

/** Answers requests below the reserved segment `admin`; `path` is what follows it. */
export type AnswerAdmin = (
  path: readonly string[],
  incoming: IncomingMessage,
  outgoing: ServerResponse,
) => Promise<void>;

/** What the HTTP front end needs. */
export interface HttpTriggerOptions {
  readonly functions: readonly HttpFunction[];
  readonly routePrefix: string;
  readonly invoke: Invoke;
  readonly answerAdmin: AnswerAdmin;
  /** In bytes; the real front end's 100 MB by default. */
  readonly bodyLimit?: number;
}

/** Routes requests to functions. Keys are not asked for, as with `func start`. */
export function createHttpTrigger(options: HttpTriggerOptions): Answer {
  const { routePrefix, invoke, answerAdmin, bodyLimit = 100 * 1024 * 1024 } = options;
  const findRoute = createRouteTable(
    options.functions.map(({ route, methods, registered }) => ({
      template: [routePrefix, route].filter(Boolean).join('/'),
      methods,
      target: registered,
    })),
  );
  return async (incoming, outgoing) => {
    const url = toUrl(incoming);
    const segments = url && splitPath(pathOf(incoming.url ?? ''));
    if (!url || !segments) return refuse(incoming, outgoing, 400);
    if (segments[0] === 'admin') return answerAdmin(segments.slice(1), incoming, outgoing);
    const match = findRoute(incoming.method ?? '', segments);
    if (!match) return refuse(incoming, outgoing, 404);
    const body = await readBody(incoming, bodyLimit);
    if (body === 'too large') return refuse(incoming, outgoing, 413);
    const http = toHttpRequestData({ incoming, url, params: match.params, body });
    const traceParent = http.nullableHeaders.traceparent?.value;
    const traceState = http.nullableHeaders.tracestate?.value;
    const input = { data: { http }, traceParent, traceState };
    // The invocation has logged its failure, and the caller is told nothing of it.
    const response = await invoke(match.target, input).catch(() => 500);
    if (typeof response === 'number') sendStatus(outgoing, response);
    else sendResponse(outgoing, response.returnValue?.http);
  };
}

function refuse(incoming: IncomingMessage, outgoing: ServerResponse, status: number): void {
  incoming.resume();
  sendStatus(outgoing, status);
}

function toUrl(incoming: IncomingMessage): string | undefined {
  const url = `http://${incoming.headers.host ?? 'localhost'}${incoming.url}`;
  const isOriginForm = incoming.url?.startsWith('/') ?? false;
  return isOriginForm && URL.canParse(url) ? url : undefined;
}

function pathOf(target: string): string {
  const query = target.indexOf('?');
  return query < 0 ? target : target.slice(0, query);
}
