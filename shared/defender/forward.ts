import { BrokerError } from '../errors.ts';
import type { ApiAnswer, Forward, ForwardedCall } from '../proxy/api-answer.ts';
import { mapResources, type ResourceName } from '../resources/resources.ts';
import type { ReadableHeaders } from '../retry/retry-after.ts';
import type { Trace } from '../telemetry/tracer.ts';
import type { SendWhole, WireAnswer } from './send-whole.ts';

/** The front end gives up after 230 s; a hunting query may take three minutes. */
const ANSWER_TIMEOUT_MS = 200_000;

/** An answer that began and then stands still is not waited for as long. */
const IDLE_TIMEOUT_MS = 30_000;

/** What a caller may get at once; larger ones are cut off. */
const MAX_ANSWER_BYTES = 32 * 1024 * 1024;

/** Some front ends refuse requests without one. */
const USER_AGENT = 'defender-partner-broker';

/** What sending calls to the APIs takes. */
interface ForwardOptions {
  readonly send: SendWhole;
  readonly trace: Trace;
  /** Without a trailing slash. */
  readonly apiUrls: Readonly<Record<ResourceName, string>>;
  readonly timeoutMs?: number;
  readonly idleTimeoutMs?: number;
}

/** Creates what sends a caller's call to an API with a customer's token. */
export function createForward(options: ForwardOptions): Forward {
  const apis = mapResources((_, name) => toAddress(options.apiUrls[name]));
  return async (call, grow) => {
    const api = apis[call.resource];
    const url = toUrl(api, call.target);
    try {
      const { status, headers, body } = await send(options, { call, url, grow });
      const location = findLocation({ headers, url }, api);
      return { status, headers, location, basePath: api.basePath, body };
    } catch (error) {
      if (error instanceof BrokerError) throw error;
      throw toBrokenError(call, error);
    }
  };
}

function send(
  options: ForwardOptions,
  { call, url, grow }: { call: ForwardedCall; url: URL; grow: (bytes: number) => void },
): Promise<WireAnswer> {
  const { timeoutMs = ANSWER_TIMEOUT_MS, idleTimeoutMs = IDLE_TIMEOUT_MS } = options;
  const { method, body, accessToken } = call;
  const limits = { timeoutMs, idleTimeoutMs, maxBytes: MAX_ANSWER_BYTES, grow };
  return options.trace({ method, host: url.host }, (traced) => {
    const own = { authorization: `Bearer ${accessToken}`, 'user-agent': USER_AGENT };
    const headers = { ...call.headers, ...own, ...traced };
    return options.send({ url, method, headers, body }, limits);
  });
}

/**
 * The last look: whatever came before, the token goes to the API's own address and to the path that
 * rules have seen.
 */
function toUrl({ href, origin, basePath }: ApiAddress, target: string): URL {
  const url = new URL(`${href}${target}`);
  const [path = ''] = target.split('?', 1);
  const pathname = `${basePath}${path}`;
  const isSame = url.origin === origin && url.username === '' && url.pathname === pathname;
  if (isSame) return url;
  throw new BrokerError('invalid_request', 'The path would lead elsewhere.', {
    owner: 'caller',
    remedy: 'Send the path as the API documents it.',
  });
}

/** Where an API is. */
interface ApiAddress {
  /** As the settings have it. */
  readonly href: string;
  readonly origin: string;
  /** Without a trailing slash, mostly empty. */
  readonly basePath: string;
}

function toAddress(href: string): ApiAddress {
  const { origin, pathname } = new URL(href);
  return { href, origin, basePath: pathname.replace(/\/$/, '') };
}

/** A relative one is relative to what was asked. */
function findLocation(
  { headers, url }: { headers: ReadableHeaders; url: URL },
  { origin, basePath }: ApiAddress,
): ApiAnswer['location'] {
  const location = headers.get('location');
  if (location === null) return undefined;
  const parsed = URL.parse(location, url);
  if (parsed?.origin !== origin) return 'elsewhere';
  if (!parsed.pathname.startsWith(`${basePath}/`)) return 'elsewhere';
  return `${parsed.pathname.slice(basePath.length)}${parsed.search}`;
}

/** Whether the API did what it was asked is not known. */
function toBrokenError({ method }: ForwardedCall, cause: unknown): BrokerError {
  return new BrokerError('temporarily_unavailable', 'The API gave no whole answer.', {
    owner: 'microsoft',
    remedy:
      method === 'GET'
        ? 'Try again.'
        : 'Look whether the change was made before you try again: the broker can not know.',
    retryAfterSeconds: 5,
    cause,
  });
}
