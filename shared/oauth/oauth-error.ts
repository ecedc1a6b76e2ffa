import { BrokerError, type ErrorBody, type ErrorCode, toErrorBody } from '../errors.ts';

/** Which of Entra's two token endpoints is spoken, or the token exchange of RFC 8693. */
export type Dialect = 'v1' | 'v2' | 'exchange';

/** An error as OAuth clients know it from Entra. */
interface OAuthError {
  readonly status: number;
  /** Whole seconds: each client has its own guess where it is missing. */
  readonly retryAfterSeconds: number | undefined;
  readonly body: Omit<ErrorBody, 'error'> & {
    readonly error: string;
    readonly error_codes: readonly number[];
    readonly timestamp: string;
    readonly trace_id: string;
    readonly suberror?: string;
  };
}

/**
 * How an error of the domain looks on the face: RFC 6749 section 5.2, with Entra's nearest AADSTS
 * number.
 */
interface Appearance {
  readonly status: number;
  readonly error: string;
  readonly number: number;
  readonly suberror?: string;
}

const UNAUTHORIZED = { status: 400, error: 'unauthorized_client', number: 700016 };
const CONSENT = {
  status: 400,
  error: 'invalid_grant',
  number: 65001,
  suberror: 'consent_required',
};
const BLAND = { status: 500, error: 'server_error', number: 90033 };

const APPEARANCES: Readonly<Partial<Record<ErrorCode, Appearance>>> = {
  invalid_request: { status: 400, error: 'invalid_request', number: 900144 },
  unsupported_grant_type: { status: 400, error: 'unsupported_grant_type', number: 70003 },
  invalid_client: { status: 401, error: 'invalid_client', number: 7000215 },
  insufficient_scope: UNAUTHORIZED,
  access_denied: UNAUTHORIZED,
  caller_blocked: { status: 400, error: 'unauthorized_client', number: 7000112 },
  tenant_not_found: UNAUTHORIZED,
  tenant_disabled: UNAUTHORIZED,
  consent_required: CONSENT,
  missing_roles: CONSENT,
  too_many_requests: { status: 429, error: 'temporarily_unavailable', number: 90033 },
  server_error: BLAND,
};

/** How an API that the broker does not know is called. */
const INVALID_TARGET: Readonly<Record<Dialect, Appearance>> = {
  v1: { status: 400, error: 'invalid_resource', number: 500011 },
  v2: { status: 400, error: 'invalid_scope', number: 70011 },
  exchange: { status: 400, error: 'invalid_target', number: 500011 },
};

const BUSY = { error: 'temporarily_unavailable', number: 90033 };

/** A client that knows no better asks again after this time. */
const DEFAULT_RETRY_SECONDS = 5;

/** Shapes an error for OAuth clients, most of which show nothing but `error_description`. */
export function toOAuthError(
  thrown: unknown,
  { dialect, correlationId, now }: { dialect: Dialect; correlationId: string; now: number },
): OAuthError {
  const { error: code, ...body } = toErrorBody(thrown, correlationId);
  const { status, error, number, suberror } = toAppearance(thrown, code, dialect);
  const isBusy = error === BUSY.error;
  return {
    status,
    // On a 400 it would make MSAL refuse to ask again.
    retryAfterSeconds: isBusy ? (body.retry_after ?? DEFAULT_RETRY_SECONDS) : undefined,
    body: {
      error,
      ...(suberror && { suberror }),
      ...body,
      error_description: toWholeDescription(body),
      error_codes: [number],
      timestamp: `${new Date(now).toISOString().slice(0, 19).replace('T', ' ')}Z`,
      trace_id: correlationId,
    },
  };
}

function toAppearance(thrown: unknown, code: ErrorCode, dialect: Dialect): Appearance {
  if (code === 'invalid_target') return INVALID_TARGET[dialect];
  if (code !== 'temporarily_unavailable') return APPEARANCES[code] ?? BLAND;
  const isLocal = thrown instanceof BrokerError && thrown.details.isLocal === true;
  return { ...BUSY, status: isLocal ? 429 : 503 };
}

/** What happened, who has to act, what to do, and where. */
function toWholeDescription(body: Omit<ErrorBody, 'error'>): string {
  const { error_description, owner, remedy, consent_url, missing_roles } = body;
  const roles = missing_roles?.length ? ` Missing: ${missing_roles.join(', ')}.` : '';
  const link = consent_url ? ` Link: ${consent_url}` : '';
  return `${error_description}${roles} To be done by: ${owner}. ${remedy}${link}`;
}
