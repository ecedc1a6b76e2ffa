import { type Error as ErrorBody, type Operations, ROUTES } from './broker-api.ts';

/** What a client needs; `fetch` and `sleep` are there for tests. */
export interface BrokerClientOptions {
  /** The broker, such as `https://func-broker-x.azurewebsites.net`. */
  readonly url: string;
  /** An access token for the broker's API; asked for before each request, so let it come from a cache. */
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

/** What an operation takes: what is in its path, and maybe a query and a body. */
export type RequestOf<Id extends keyof Operations> = {
  readonly query?: Operations[Id]['query'];
  readonly body?: Operations[Id]['body'];
} & (Operations[Id]['params'] extends undefined
  ? { readonly params?: undefined }
  : { readonly params: Operations[Id]['params'] });

/** Calls an operation by its name; rejects with a `BrokerRefusal`. */
export type CallBroker = <Id extends keyof Operations>(
  id: Id,
  request: RequestOf<Id>,
) => Promise<Operations[Id]['answer']>;

const TRIES = 3;
const TIMEOUT = 30_000;
/** A broker that asks for more patience than this, in seconds, is not waited for. */
const LONGEST_WAIT = 30;

/** Creates the client. A 503 with `Retry-After` is tried again, twice at most. */
export function createBrokerClient(options: BrokerClientOptions): CallBroker {
  const { url, getCallerToken, fetch: send = fetch, sleep = wait } = options;

  const attempt = async (id: keyof Operations, request: RequestParts, tries: number) => {
    const token = await getCallerToken();
    const response = await send(...toRequest({ url, token, id, request }));
    const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
    if (response.status === 503 && tries > 1 && seconds <= LONGEST_WAIT) {
      await response.body?.cancel();
      await sleep(seconds * 1000);
      return attempt(id, request, tries - 1);
    }
    const body = response.status === 204 ? undefined : await response.json();
    if (!response.ok) throw new BrokerRefusal(response.status, body);
    return body;
  };

  return (id, request) => attempt(id, request, TRIES);
}

interface RequestParts {
  readonly params?: Readonly<Record<string, unknown>> | undefined;
  readonly query?: Readonly<Record<string, unknown>> | undefined;
  readonly body?: unknown;
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
  const headers = { authorization: `Bearer ${call.token}` };
  const json = { 'content-type': 'application/json' };
  return [
    `${call.url}${path}${set.length > 0 ? `?${search}` : ''}`,
    {
      method,
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT),
      ...(body === undefined
        ? { headers }
        : { headers: { ...headers, ...json }, body: JSON.stringify(body) }),
    },
  ];
}

function wait(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
