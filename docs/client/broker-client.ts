import { type Error as ErrorBody, type Operations, ROUTES } from './broker-api.ts';

/** What a client needs; `fetch` and `sleep` are there for tests. */
export interface BrokerClientOptions {
  /** The broker, such as `https://func-broker-x.azurewebsites.net`. */
  readonly url: string;
  /** An access token for the broker's API. Each request asks for it: let it come from a cache. */
  readonly getCallerToken: () => Promise<string>;
  readonly fetch?: typeof fetch;
  readonly sleep?: (milliseconds: number) => Promise<void>;
}

/** What the broker refused, with who has to act (`owner`) and what to do (`remedy`). */
export class BrokerRefusal extends Error {
  override readonly name = 'BrokerRefusal';
  readonly status: number;
  readonly body: ErrorBody;

  constructor(status: number, body: ErrorBody) {
    super(`${body.error}: ${body.error_description} ${body.remedy ?? ''}`.trim());
    this.status = status;
    this.body = body;
  }
}

/**
 * What an operation takes: what is in its path, and maybe a query, a body and headers, such as
 * `if-match`.
 */
export type RequestOf<Id extends keyof Operations> = {
  readonly query?: Operations[Id]['query'];
  readonly body?: Operations[Id]['body'];
  readonly headers?: Readonly<Record<string, string>> | undefined;
} & (Operations[Id]['params'] extends undefined
  ? { readonly params?: undefined }
  : { readonly params: Operations[Id]['params'] });

/** Calls an operation by its name; rejects with a `BrokerRefusal`. */
export type CallBroker = <Id extends keyof Operations>(
  id: Id,
  request: RequestOf<Id>,
) => Promise<Operations[Id]['answer']>;

/** The operations that answer in pages. */
export type PagedOperation = {
  [Id in keyof Operations]: Operations[Id] extends {
    query: { readonly cursor?: string };
    answer: { readonly next_cursor?: string };
  }
    ? Id
    : never;
}[keyof Operations];

const MAX_TRIES_COUNT = 3;
const TIMEOUT_MS = 60_000;
/** A broker that asks for more patience than this is not waited for. */
const MAX_RETRY_AFTER_SECONDS = 30;
/** What the broker says in `Retry-After` of a page that has no rows yet. */
const HUNT_PAUSE_MS = 2000;
const RETRIED_STATUSES: readonly number[] = [429, 503];

/** Creates the client. A 429 or 503 with `Retry-After` is tried again, twice at most. */
export function createBrokerClient(options: BrokerClientOptions): CallBroker {
  const { url, getCallerToken, fetch: send = fetch, sleep = wait } = options;

  const tryRequest = async (id: keyof Operations, request: RequestParts, triesLeft: number) => {
    const token = await getCallerToken();
    const response = await send(...toRequest({ url, token, id, request }));
    const seconds = readRetryAfter(response);
    if (seconds !== undefined && triesLeft > 1) {
      await response.body?.cancel();
      await sleep(seconds * 1000);
      return tryRequest(id, request, triesLeft - 1);
    }
    const body = await readJson(response);
    if (!response.ok) throw new BrokerRefusal(response.status, body ?? toErrorBody(response));
    return body;
  };

  return (id, request) => tryRequest(id, request, MAX_TRIES_COUNT);
}

/**
 * Reads page after page: `for await (const page of readPages(call, 'listIncidents', {})) …`. The
 * change feed ends when it has nothing more for now: keep the last `next_cursor` and go on with it.
 * Results of a hunt end with the hunt: while it runs, an empty page is asked for again in two
 * seconds.
 */
export async function* readPages<Id extends PagedOperation>(
  call: CallBroker,
  id: Id,
  request: RequestOf<Id>,
): AsyncGenerator<Operations[Id]['answer'], void, undefined> {
  let next: RequestOf<Id> = request;
  for (;;) {
    const page = await call(id, next);
    yield page;
    const hasMore = !('has_more' in page) || page.has_more;
    if (page.next_cursor === undefined || !hasMore) return;
    if (isEmptyPageOfRunningHunt(page)) await wait(HUNT_PAUSE_MS);
    next = { ...request, query: { ...request.query, cursor: page.next_cursor } };
  }
}

function isEmptyPageOfRunningHunt(page: object): boolean {
  if (!('status' in page && 'value' in page)) return false;
  return page.status === 'running' && Array.isArray(page.value) && page.value.length === 0;
}

/** Seconds after which the broker wants to be asked again; `undefined`: it is not asked again. */
function readRetryAfter({ status, headers }: Response): number | undefined {
  const written = headers.get('retry-after');
  if (!RETRIED_STATUSES.includes(status) || !written || !/^\d+$/.test(written)) return undefined;
  const seconds = Number(written);
  return seconds <= MAX_RETRY_AFTER_SECONDS ? seconds : undefined;
}

/** `undefined`: an answer without JSON, as a removal or a gateway in between gives it. */
async function readJson(response: Response) {
  const isJson = response.headers.get('content-type')?.startsWith('application/json');
  if (isJson) return await response.json();
  await response.body?.cancel();
  return undefined;
}

/** A refusal that did not come from the broker's own code. */
function toErrorBody({ status }: Response): ErrorBody {
  return {
    error: 'server_error',
    error_description: `The broker's host answered ${status} without a description.`,
    correlation_id: '',
    owner: 'partner',
    remedy: 'Check the URL of the broker, then ask its operator.',
  };
}

interface RequestParts {
  readonly params?: Readonly<Record<string, unknown>> | undefined;
  readonly query?: Readonly<Record<string, unknown>> | undefined;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

function toRequest(call: {
  url: string;
  token: string;
  id: keyof Operations;
  request: RequestParts;
}): [string, RequestInit] {
  const { params = {}, query = {}, body } = call.request;
  const [method = '', route = ''] = ROUTES[call.id].split(' ');
  const path = route.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(String(params[name])));
  const set = Object.entries(query).filter(([, value]) => value !== undefined);
  const search = new URLSearchParams(set.map(([name, value]) => [name, String(value)]));
  const headers = { ...call.request.headers, authorization: `Bearer ${call.token}` };
  const json = { 'content-type': 'application/json' };
  return [
    `${call.url}${path}${set.length > 0 ? `?${search}` : ''}`,
    {
      method,
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
      ...(body === undefined
        ? { headers }
        : { headers: { ...headers, ...json }, body: JSON.stringify(body) }),
    },
  ];
}

function wait(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
