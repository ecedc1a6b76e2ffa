import { findSchedule } from '../retry/delay.ts';
import type { Failure } from '../tokens/failure.ts';
import type { Cause } from '../tokens/failure-table.ts';
import { CODES, ERRORS, MALFORMED, STATUSES, UNKNOWN } from './entra-codes.ts';
import { type EntraAnswer, findEntraError } from './entra-http.ts';

const causesByCode = new Map(
  // The keys of the table are causes, as its type says.
  (Object.entries(CODES) as [Cause, readonly number[]][]).flatMap(([cause, codes]) =>
    codes.map((code) => [code, cause] as const),
  ),
);

const causesByError = new Map(Object.entries(ERRORS));

/**
 * Classifies an answer that is not a token: by HTTP status and `error` first, the number refines.
 */
export function toEntraFailure({ status, body, retryAfterMs }: EntraAnswer): Failure {
  const byStatus = STATUSES.find(({ from, to }) => status >= from && status <= to)?.cause;
  const { cause, code } = byStatus ? { cause: byStatus } : classify(body);
  const unstatedMs = cause === 'throttled' ? findSchedule('entra.throttled').unstatedMs : undefined;
  const pause = retryAfterMs ?? unstatedMs;
  return {
    cause,
    ...(code !== undefined && { entraCode: code }),
    ...(pause !== undefined && { retryAfterMs: pause }),
  };
}

/** Of several numbers one that the table knows says most. */
function classify(body: unknown): { readonly cause: Cause; readonly code?: number | undefined } {
  const found = findEntraError(body);
  if (!found) return { cause: MALFORMED };
  const { error = '', codes } = found;
  const code = codes.find((one) => causesByCode.has(one)) ?? codes[0];
  const byCode = code === undefined ? undefined : causesByCode.get(code);
  return { cause: byCode ?? causesByError.get(error) ?? UNKNOWN, code };
}
