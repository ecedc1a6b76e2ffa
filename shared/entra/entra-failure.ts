import type { Cause, Failure } from '../tokens/failure.ts';
import { type EntraAnswer, findEntraError } from './entra-http.ts';

/**
 * AADSTS numbers that tell whose turn it is ("Microsoft Entra authentication and authorization error codes"). They only
 * refine what status and `error` say: Microsoft may change them, so an unknown one falls back to those.
 */
const CAUSES = new Map<number, Cause>([
  ...toEntries('credential_rejected', [7000215, 7000222, 70002, 7000218, 700027, 700024]),
  ...toEntries(
    'client_misconfigured',
    [
      700025, 700021, 700023, 700213, 700211, 700212, 700229, 650057, 650059, 50194, 9001023, 90124,
      90130, 70011, 28002, 700022, 901002,
    ],
  ),
  ...toEntries('consent_missing', [700016, 700011, 7000229, 65001, 90099]),
  ...toEntries('app_disabled', [7000112, 70001]),
  ...toEntries('tenant_gone', [90002, 900023, 90038, 900382, 900432]),
  ...toEntries('tenant_blocked', [53003, 5000224]),
  ...toEntries('service_missing', [650052, 650054, 500011, 500014, 50001]),
  ...toEntries('roles_missing', [65005, 650056]),
  ...toEntries('throttled', [90055, 50196]),
  ...toEntries('unexpected_answer', [90036, 90092]),
  ...toEntries('service_unavailable', [90033, 90006, 90012, 90024, 90090, 50033, 50087, 50000]),
]);

/** Entra's documented pause for throttled client-credentials requests. */
const THROTTLE_PAUSE = 60_000;

/** Classifies an answer that is not a token: by HTTP status and `error` first, the number refines. */
export function toFailure({ status, body, retryAfterMs }: EntraAnswer): Failure {
  if (status === 429) {
    return { cause: 'throttled', retryAfterMs: retryAfterMs ?? THROTTLE_PAUSE };
  }
  if (status >= 500) return { cause: 'service_unavailable', retryAfterMs };
  const { error, code } = findEntraError(body) ?? { error: '', code: undefined };
  const cause = (code === undefined ? undefined : CAUSES.get(code)) ?? toCause(error);
  const pause = cause === 'throttled' ? (retryAfterMs ?? THROTTLE_PAUSE) : retryAfterMs;
  return { cause, entraCode: code, retryAfterMs: pause };
}

function toCause(error: string): Cause {
  switch (error) {
    case 'unauthorized_client':
    case 'consent_required':
    case 'interaction_required':
      return 'consent_missing';
    case 'invalid_resource':
      return 'service_missing';
    case 'invalid_request':
    case 'invalid_scope':
    case 'unsupported_grant_type':
      return 'client_misconfigured';
    case 'temporarily_unavailable':
    case 'server_error':
      return 'service_unavailable';
    default:
      return 'unexpected_answer';
  }
}

function toEntries(cause: Cause, codes: readonly number[]): readonly (readonly [number, Cause])[] {
  return codes.map((code) => [code, cause] as const);
}
