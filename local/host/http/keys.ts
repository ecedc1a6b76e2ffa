import type { RequestHead } from './request-head.ts';

/**
 * Whether a request presents the host's master key, in `x-functions-key` or as the query's `code`.
 */
export type HasKey = (head: RequestHead) => boolean;

/** Compares with the master key; the header wins over the query. */
export function createHasKey(masterKey: string): HasKey {
  return ({ headers, url }) => {
    const header = headers.find(([name]) => name.toLowerCase() === 'x-functions-key')?.[1];
    const [, query = ''] = url.split('?', 2);
    return (header ?? new URLSearchParams(query).get('code')) === masterKey;
  };
}
