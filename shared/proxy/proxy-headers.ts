import type { ReadableHeaders } from '../retry/retry-after.ts';

/**
 * What of a caller's headers reaches the API. Above all not its own Authorization, which is for the
 * broker.
 */
const REQUEST_HEADERS = [
  'accept',
  'accept-language',
  'consistencylevel',
  'content-language',
  'content-type',
  'if-match',
  'if-modified-since',
  'if-none-match',
  'odata-maxversion',
  'odata-version',
  'prefer',
];

/** What of an API's headers reaches the caller; cookies, CORS and connection headers don't. */
const ANSWER_HEADERS = [
  'content-disposition',
  'content-language',
  'content-type',
  'etag',
  'last-modified',
  'odata-version',
  'preference-applied',
  'ratelimit-limit',
  'ratelimit-remaining',
  'ratelimit-reset',
  'request-id',
  'retry-after',
];

/** The headers of a call that are forwarded. */
export function toForwardedHeaders(headers: ReadableHeaders): Record<string, string> {
  return pick(headers, REQUEST_HEADERS);
}

/**
 * The headers of an API's answer that are passed on. A page of the API must not act as one of the
 * broker's.
 */
export function toPassedHeaders(headers: ReadableHeaders): Record<string, string> {
  return {
    ...pick(headers, ANSWER_HEADERS),
    'cache-control': 'no-store',
    'content-security-policy': "sandbox; default-src 'none'",
  };
}

/** The host answers 500 when a value is not ASCII: such a header is left out. */
function pick(headers: ReadableHeaders, names: readonly string[]): Record<string, string> {
  const found = names.flatMap((name) => {
    const value = headers.get(name);
    return value !== null && /^[\x20-\x7e]*$/.test(value) ? [[name, value] as const] : [];
  });
  return Object.fromEntries(found);
}
