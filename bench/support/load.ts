import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { promisify } from 'node:util';
import * as v from 'valibot';

const run = promisify(execFile);
const AUTOCANNON = createRequire(import.meta.url).resolve('autocannon/autocannon.js');

/** A request that is repeated. */
export interface LoadRequest {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** How hard and how long. */
interface LoadOptions {
  readonly connections: number;
  readonly seconds: number;
  /** Refusals count as answers, as of a caller that asks for too much. */
  readonly mayBeRefused?: boolean;
}

const reportSchema = v.object({
  requests: v.object({ total: v.number() }),
  duration: v.number(),
  errors: v.number(),
  non2xx: v.number(),
});

/**
 * Requests per second of a host under keep-alive load from a process of its own; rejects when any
 * fails.
 */
export async function measureThroughput(
  request: LoadRequest,
  { connections, seconds, mayBeRefused = false }: LoadOptions,
): Promise<number> {
  const report = await load(request, connections, ['--duration', String(seconds)]);
  if (report.errors + (mayBeRefused ? 0 : report.non2xx) > 0)
    throw new Error(`${request.url} failed under load.`);
  return report.requests.total / report.duration;
}

/** Sends so many requests from a process of its own; rejects when any fails. */
export async function sendRequests(
  request: LoadRequest,
  { connections, count }: { readonly connections: number; readonly count: number },
): Promise<void> {
  const { errors, non2xx } = await load(request, connections, ['--amount', String(count)]);
  if (errors + non2xx > 0) throw new Error(`${request.url} failed under load.`);
}

async function load(
  { method, url, headers = {}, body }: LoadRequest,
  connections: number,
  until: readonly string[],
) {
  const { stdout } = await run(process.execPath, [
    AUTOCANNON,
    ...['--json', '--connections', String(connections), ...until],
    ...['--method', method],
    ...Object.entries(headers).flatMap(([name, value]) => ['--headers', `${name}=${value}`]),
    ...(body === undefined ? [] : ['--body', body]),
    url,
  ]);
  return v.parse(reportSchema, JSON.parse(stdout));
}
