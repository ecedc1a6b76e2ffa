import type { Operations } from '../docs/client/broker-api.ts';
import { BrokerRefusal, createBrokerClient, type RequestOf } from '../docs/client/broker-client.ts';
import { endSession } from './session.ts';

/** Sends what the client made with the session's cookie in place of a token. */
const sendWithSession: typeof fetch = (input, init) => {
  const headers = new Headers(init?.headers);
  headers.delete('authorization');
  headers.set('x-requested-with', 'console');
  return fetch(input, { ...init, headers });
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
    if (error instanceof BrokerRefusal && error.status === 401) endSession();
    throw error;
  }
}

/** What went wrong, in the words that the API gave it, for people to act on. */
export interface Problem {
  readonly title: string;
  readonly remedy: string;
  readonly owner: string | undefined;
  readonly status: number | undefined;
  readonly correlationId: string | undefined;
}

/** Turns whatever a call rejected with into words. */
export function toProblem(error: unknown): Problem {
  if (error instanceof BrokerRefusal) {
    const { error_description, remedy, owner, correlation_id } = error.body;
    return {
      title: error_description,
      remedy,
      owner,
      status: error.status,
      correlationId: correlation_id,
    };
  }
  return {
    title: 'The broker does not answer.',
    remedy: 'Check the network and try again.',
    owner: undefined,
    status: undefined,
    correlationId: undefined,
  };
}

type Defined<T> = { [Key in keyof T]?: Exclude<T[Key], undefined> };

/** A query without what is not set. */
export function toQuery<T extends object>(entries: T): Defined<T> {
  const set = Object.entries(entries).filter(([, value]) => value !== undefined);
  return Object.fromEntries(set) as Defined<T>;
}
