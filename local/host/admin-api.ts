import type { IncomingMessage, ServerResponse } from 'node:http';
import * as v from 'valibot';
import { readBody } from './http/http-request.ts';
import { sendJson, sendStatus } from './http/http-response.ts';
import type { AnswerAdmin } from './http/http-trigger.ts';
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
export interface AdminApiOptions {
  readonly functions: readonly FunctionInfo[];
  /** Runs a function without its trigger, `undefined` when there is no such function. */
  readonly findRun: (name: string) => ((input: string) => Promise<void>) | undefined;
}

/** Serves the part of the host's admin API that `func start` users know; no key is asked for. */
export function createAdminApi({ functions, findRun }: AdminApiOptions): AnswerAdmin {
  const runFunction = async (name: string, incoming: IncomingMessage, outgoing: ServerResponse) => {
    const body = await readBody(incoming, MAX_INPUT_BYTES);
    const run = findRun(name);
    if (!run) return sendStatus(outgoing, 404);
    if (body === 'too large') return sendStatus(outgoing, 413);
    const input = parseInput(body);
    if (input === undefined) return sendStatus(outgoing, 400);
    // The real host answers before the function has ended; its failure is in the log.
    run(input).catch(() => undefined);
    sendStatus(outgoing, 202);
  };
  return async (path, incoming, outgoing) => {
    const [area, name = ''] = path;
    const request = `${incoming.method} ${area} ${path.length}`;
    if (request === 'POST functions 2') {
      await runFunction(name, incoming, outgoing);
      return;
    }
    incoming.resume();
    if (request === 'GET functions 1') sendJson(outgoing, functions);
    else if (request === 'GET host 2' && name === 'status') sendJson(outgoing, STATUS);
    else sendStatus(outgoing, 404);
  };
}

const STATUS = { state: 'Running', id: 'local', version: HOST_VERSION };
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
