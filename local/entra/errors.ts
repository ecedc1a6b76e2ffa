import { randomUUID } from 'node:crypto';

const ERROR_BY_CODE = {
  28002: 'invalid_scope',
  50011: 'invalid_request',
  50020: 'interaction_required',
  50058: 'login_required',
  50059: 'invalid_request',
  50105: 'interaction_required',
  50194: 'invalid_request',
  54005: 'invalid_grant',
  65004: 'access_denied',
  70000: 'invalid_grant',
  70003: 'unsupported_grant_type',
  70007: 'invalid_request',
  70008: 'invalid_grant',
  70011: 'invalid_scope',
  90002: 'invalid_request',
  90014: 'invalid_request',
  90023: 'invalid_request',
  90094: 'consent_required',
  500011: 'invalid_resource',
  500112: 'invalid_grant',
  501481: 'invalid_grant',
  501491: 'invalid_request',
  650052: 'invalid_client',
  650059: 'unauthorized_client',
  700005: 'invalid_grant',
  700016: 'unauthorized_client',
  700021: 'invalid_client',
  700023: 'invalid_client',
  700024: 'invalid_client',
  700027: 'invalid_client',
  700054: 'unsupported_response_type',
  700211: 'invalid_client',
  700212: 'invalid_client',
  700213: 'invalid_client',
  700229: 'invalid_client',
  900023: 'invalid_request',
  900144: 'invalid_request',
  900561: 'invalid_request',
  900971: 'invalid_request',
  901002: 'invalid_request',
  7000112: 'unauthorized_client',
  7000215: 'invalid_client',
  7000218: 'invalid_client',
  7000222: 'invalid_client',
  7000229: 'invalid_client',
  9000411: 'invalid_request',
  9001023: 'invalid_request',
  9002313: 'invalid_request',
  9002326: 'invalid_request',
} as const;

/** The AADSTS numbers that this stand-in can answer. */
export type EntraErrorCode = keyof typeof ERROR_BY_CODE;

/** A refusal of Entra ID: an AADSTS number, its OAuth `error` and a text. */
export class EntraError extends Error {
  readonly code: EntraErrorCode;
  readonly error: string;

  constructor(code: EntraErrorCode, text: string, error: string = ERROR_BY_CODE[code]) {
    super(text);
    this.name = 'EntraError';
    this.code = code;
    this.error = error;
  }
}

/** What identifies one failed request; `now` is epoch milliseconds. */
interface ErrorOrigin {
  readonly now: number;
  readonly origin: string;
  readonly correlationId: string;
}

/** The `error_description` of Entra ID, with trace id, correlation id and timestamp. */
export function describeError(
  error: EntraError,
  { now, correlationId }: Pick<ErrorOrigin, 'now' | 'correlationId'>,
): string {
  return errorText(error, { traceId: randomUUID(), correlationId, timestamp: timestampOf(now) });
}

/** The JSON answer of the token and metadata endpoints: 401 for client authentication, else 400. */
export function toErrorResponse(error: EntraError, source: ErrorOrigin): Response {
  const traceId = randomUUID();
  const { correlationId } = source;
  const timestamp = timestampOf(source.now);
  return Response.json(
    {
      error: error.error,
      error_description: errorText(error, { traceId, correlationId, timestamp }),
      error_codes: [error.code],
      timestamp,
      trace_id: traceId,
      correlation_id: correlationId,
      error_uri: `${source.origin}/error?code=${error.code}`,
    },
    {
      status: error.error === 'invalid_client' ? 401 : 400,
      headers: { 'cache-control': 'no-store' },
    },
  );
}

function errorText(
  error: EntraError,
  ids: { readonly traceId: string; readonly correlationId: string; readonly timestamp: string },
): string {
  return (
    `AADSTS${error.code}: ${error.message} Trace ID: ${ids.traceId} ` +
    `Correlation ID: ${ids.correlationId} Timestamp: ${ids.timestamp}`
  );
}

function timestampOf(now: number): string {
  return `${new Date(now).toISOString().slice(0, 19).replace('T', ' ')}Z`;
}
