import { type Error as ErrorBody, type Operations, ROUTES } from '../docs/client/broker-api.ts';
import { BrokerRefusal, createBrokerClient, type RequestOf } from '../docs/client/broker-client.ts';
import { TooManyRows } from './download.ts';
import { endSession } from './session.ts';
import { toAge } from './words.ts';

type LastChange = NonNullable<ErrorBody['last_change']>;

/**
 * Sends what the client made with the session's cookie in place of a token. A change that was
 * refused for now is not sent again by itself: the operator decides that.
 */
const sendWithSession: typeof fetch = async (input, init) => {
  const headers = new Headers(init?.headers);
  headers.delete('authorization');
  headers.set('x-requested-with', 'console');
  const response = await fetch(input, { ...init, headers });
  if (response.ok || init?.method === 'GET') return response;
  const kept = new Headers(response.headers);
  kept.delete('retry-after');
  return new Response(response.body, { status: response.status, headers: kept });
};

const callBroker = createBrokerClient({
  url: location.origin,
  getCallerToken: () => Promise.resolve(''),
  fetch: sendWithSession,
});

/** Calls an operation of the API as the signed-in operator; a session that has ended is noted. */
export async function call<Id extends keyof Operations>(
  id: Id,
  request: RequestOf<Id>,
): Promise<Operations[Id]['answer']> {
  try {
    return await callBroker(id, request);
  } catch (error) {
    if (error instanceof BrokerRefusal) {
      if (error.status === 401) endSession();
      throw error;
    }
    throw new AnswerLost(!ROUTES[id].startsWith('GET '), error);
  }
}

/** Fetches one page of what is no JSON; `next` is the path of the following one (RFC 8288). */
export async function fetchPage(
  path: string,
): Promise<{ readonly body: Blob; readonly next: string | undefined }> {
  const init = { method: 'GET', signal: AbortSignal.timeout(60_000) };
  const response = await sendWithSession(path, init).catch((error: unknown) => {
    throw new AnswerLost(false, error);
  });
  if (!response.ok) {
    if (response.status === 401) endSession();
    throw new BrokerRefusal(response.status, await response.json());
  }
  const [, link] = /<([^>]*)>; rel="next"/.exec(response.headers.get('link') ?? '') ?? [];
  const next = link === undefined ? undefined : new URL(link, location.origin);
  return { body: await response.blob(), next: next && `${next.pathname}${next.search}` };
}

/** No answer came, or none that can be read: a change may have been made. */
class AnswerLost extends Error {
  override readonly name = 'AnswerLost';
  readonly isChange: boolean;

  constructor(isChange: boolean, cause: unknown) {
    super('No answer came.', { cause });
    this.isChange = isChange;
  }
}

/** What went wrong, in the words that the API gave it, for people to act on. */
export interface Problem {
  readonly title: string;
  readonly remedy: string;
  readonly owner: string | undefined;
  readonly status: number | undefined;
  readonly correlationId: string | undefined;
  /** Whether a change may have been made all the same. */
  readonly isUncertain: boolean;
}

/** Turns whatever a call rejected with into words. */
export function toProblem(error: unknown): Problem {
  if (error instanceof BrokerRefusal) {
    const { error_description, remedy, owner, correlation_id, last_change } = error.body;
    return {
      title: last_change ? toChangeSentence(last_change) : error_description,
      remedy,
      owner,
      status: error.status,
      correlationId: correlation_id || undefined,
      // Something between us and the broker answered in its place.
      isUncertain: correlation_id === '',
    };
  }
  const nobody = { owner: undefined, status: undefined, correlationId: undefined };
  if (error instanceof TooManyRows) {
    const remedy = 'Choose a shorter time.';
    return { title: error.message, remedy, ...nobody, isUncertain: false };
  }
  const isChange = error instanceof AnswerLost && error.isChange;
  return {
    title: 'The broker does not answer.',
    remedy: isChange
      ? 'It may have been done: look before you do it again.'
      : 'Check the network and try again.',
    ...nobody,
    isUncertain: true,
  };
}

const DEEDS: Readonly<Record<string, string>> = {
  'tenant.patch': 'changed this customer',
  'tenant.offboard': 'offboarded this customer',
  'grants.put': 'changed this caller',
  'grants.remove': 'took the grants of this caller away',
  'caller.block': 'blocked this caller',
  'caller.unblock': 'unblocked this caller',
};

/** `Manuel changed this customer 2 min ago (tags).` */
function toChangeSentence(change: LastChange): string {
  const who = change.by_name ?? change.by;
  const detail = change.detail ? ` (${change.detail.replaceAll('_', ' ')})` : '';
  return `${who} ${DEEDS[change.act] ?? change.act} ${toAge(change.at)}${detail}.`;
}

type Defined<T> = { [Key in keyof T]?: Exclude<T[Key], undefined> };

/** A query without what is not set. */
export function toQuery<T extends object>(entries: T): Defined<T> {
  const set = Object.entries(entries).filter(([, value]) => value !== undefined);
  return Object.fromEntries(set) as Defined<T>;
}
