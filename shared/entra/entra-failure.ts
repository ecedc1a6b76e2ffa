import type { Cause, Failure } from '../tokens/failure.ts';
import { CODES, ERRORS, STATUSES, UNKNOWN } from './entra-codes.ts';
import { type EntraAnswer, findEntraError } from './entra-http.ts';

/** Entra's documented pause for throttled client-credentials requests. */
const THROTTLE_PAUSE = 60_000;

const causesByCode = new Map(
  // The keys of the table are causes, as its type says.
  (Object.entries(CODES) as [Cause, readonly number[]][]).flatMap(([cause, codes]) =>
    codes.map((code) => [code, cause] as const),
  ),
);

const causesByError = new Map(Object.entries(ERRORS));

/** Classifies an answer that is not a token: by HTTP status and `error` first, the number refines. */
export function toFailure({ status, body, retryAfterMs }: EntraAnswer): Failure {
  const byStatus = STATUSES.find(({ from, to }) => status >= from && status <= to)?.cause;
  const { error, code } = (byStatus ? undefined : findEntraError(body)) ?? {};
  const byCode = code === undefined ? undefined : causesByCode.get(code);
  const cause = byStatus ?? byCode ?? causesByError.get(error ?? '') ?? UNKNOWN;
  const pause = cause === 'throttled' ? (retryAfterMs ?? THROTTLE_PAUSE) : retryAfterMs;
  return {
    cause,
    ...(code !== undefined && { entraCode: code }),
    ...(pause !== undefined && { retryAfterMs: pause }),
  };
}
