import type { IncomingMessage } from 'node:http';
import * as v from 'valibot';
import { readBody } from './http/http-request.ts';
import { sendStatus, sendText } from './http/http-response.ts';
import type { AnswerOwn, HttpCall } from './http/http-trigger.ts';
import type { HasKey } from './http/keys.ts';
import { splitPath } from './http/request-path.ts';
import { HOST_VERSION } from './worker/core-module.ts';

/** A function as `GET /admin/functions` and `FunctionsHost` list it. */
export interface FunctionInfo {
  readonly name: string;
  readonly type: 'httpTrigger' | 'timerTrigger' | 'queueTrigger';
  /** With the prefix of host.json. */
  readonly route?: string;
  readonly methods?: readonly string[];
  readonly authLevel?: 'anonymous' | 'function' | 'admin';
  readonly schedule?: string;
  readonly queueName?: string;
}

/** What the admin API needs. */
interface AdminApiOptions {
  readonly functions: readonly FunctionInfo[];
  readonly hasKey: HasKey;
  /** Why the host does not run; empty when it does. */
  readonly errors: readonly string[];
  /** Runs a function without its trigger, `undefined` when there is no such function. */
  readonly findRun: (name: string) => ((input: string) => Promise<void>) | undefined;
}

/**
 * Serves the host's own paths: `/admin/…` and `/runtime/webhooks/…`. All but the ping want the
 * master key. Of the paths that the real host knows, those that nobody needs locally are 404 with
 * the key.
 */
export function createAdminApi(options: AdminApiOptions): AnswerOwn {
  const { hasKey } = options;
  return async (call) => {
    const segments = splitPath(call.head.path);
    const area = segments.slice(0, 2).join('/').toLowerCase();
    const rest = segments.slice(2);
    if (!isOwn(area, rest)) return false;
    if (area === 'admin/host' && rest[0] === 'ping') answerEmpty(call, 200);
    else if (!hasKey(call.head)) answerEmpty(call, 401, { 'WWW-Authenticate': 'Bearer' });
    else await answerKeyHolder(call, options, { area, rest });
    return true;
  };
}

function isOwn(area: string, [name]: readonly string[]): boolean {
  switch (area) {
    case 'admin/functions':
      return true;
    case 'admin/host':
      return HOST_PATHS.has(name ?? '');
    case 'runtime/webhooks':
      return name !== undefined;
    default:
      return false;
  }
}

const HOST_PATHS = new Set([
  ...['ping', 'status', 'config', 'processes', 'drain', 'resume', 'scale', 'log', 'debug'],
  ...['synctriggers', 'restart', 'state', 'keys', 'functionkeys', 'systemkeys'],
]);

async function answerKeyHolder(
  call: HttpCall,
  { functions, errors, findRun }: AdminApiOptions,
  { area, rest }: { readonly area: string; readonly rest: readonly string[] },
): Promise<void> {
  const [name = ''] = rest;
  switch (`${call.incoming.method} ${area} ${rest.length}`) {
    case 'POST admin/functions 1':
      return answerEmpty(call, await startRun(call.incoming, findRun(name)));
    case 'GET admin/functions 0':
      return answerJson(call, functions);
    case 'GET admin/host 1':
      return name === 'status' ? answerJson(call, toStatus(errors)) : answerEmpty(call, 404);
    default:
      return answerEmpty(call, 404);
  }
}

/** The real host answers before the function has ended; its failure is in the log. */
async function startRun(
  incoming: IncomingMessage,
  run: ((input: string) => Promise<void>) | undefined,
): Promise<number> {
  const body = await readBody(incoming, MAX_INPUT_BYTES);
  if (!run) return 404;
  const input = body === 'too large' ? undefined : parseInput(body);
  if (input === undefined) return 400;
  run(input).catch(() => undefined);
  return 202;
}

function toStatus(errors: readonly string[]) {
  const state = errors.length > 0 ? { state: 'Error', errors } : { state: 'Running' };
  return { id: 'local', version: HOST_VERSION, ...state };
}

function answerEmpty(
  { incoming, outgoing }: HttpCall,
  status: number,
  headers: Readonly<Record<string, string>> = {},
): void {
  incoming.resume();
  sendStatus(outgoing, status, headers);
}

function answerJson({ incoming, outgoing }: HttpCall, body: unknown): void {
  incoming.resume();
  sendText(outgoing, JSON.stringify(body), { type: 'application/json; charset=utf-8' });
}

const MAX_INPUT_BYTES = 1024 * 1024;
const inputSchema = v.object({ input: v.optional(v.string(), '') });

function parseInput(body: Uint8Array | undefined): string | undefined {
  if (!body) return '';
  try {
    return v.parse(inputSchema, JSON.parse(Buffer.from(body).toString())).input;
  } catch {
    return undefined;
  }
}
