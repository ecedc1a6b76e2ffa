import type { ProxyMethod } from '../callers/operation.ts';
import type { ResourceName } from '../resources/resources.ts';
import type { ReadableHeaders } from '../retry/retry-after.ts';
import type { WholeBody } from './whole-body.ts';

/** A call as it goes to an API. */
export interface ForwardedCall {
  readonly resource: ResourceName;
  readonly method: ProxyMethod;
  /** Path and query, as `parseProxyPath` made them. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: ArrayBuffer | undefined;
  readonly accessToken: string;
}

/** What an API answered, whole. */
export interface ApiAnswer {
  readonly status: number;
  readonly headers: ReadableHeaders;
  /** Where a `Location` points to, below the API's address; `elsewhere`: to another host. */
  readonly location: string | 'elsewhere' | undefined;
  /** The path of the API's own address, mostly empty: links have it and the proxy does not. */
  readonly basePath: string;
  readonly body: WholeBody;
}

/**
 * Sends a call and reads the answer to its end; follows no redirect. `grow` is asked before more of
 * the answer is kept, and throws to end it. Rejects with a BrokerError.
 */
export type Forward = (call: ForwardedCall, grow: (bytes: number) => void) => Promise<ApiAnswer>;
