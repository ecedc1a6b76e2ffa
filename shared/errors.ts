/** Who has to act on an error. */
export type Owner = 'customer' | 'partner' | 'microsoft' | 'caller';

const STATUS = {
  invalid_request: 400,
  invalid_target: 400,
  unsupported_grant_type: 400,
  invalid_client: 401,
  invalid_token: 401,
  insufficient_scope: 403,
  access_denied: 403,
  caller_blocked: 403,
  tenant_not_found: 404,
  caller_not_found: 404,
  incident_not_found: 404,
  invitation_not_found: 404,
  subscription_not_found: 404,
  hunt_not_found: 404,
  query_not_found: 404,
  consent_required: 409,
  missing_roles: 409,
  tenant_disabled: 409,
  precondition_failed: 412,
  too_many_requests: 429,
  response_too_large: 400,
  bad_gateway: 502,
  temporarily_unavailable: 503,
  integrity: 503,
  server_error: 500,
} as const;

/**
 * The `error` values of the API: RFC 6749 section 5.2, RFC 6750 section 3.1, RFC 8707 section 2,
 * and ours.
 */
export type ErrorCode = keyof typeof STATUS;

/** The HTTP status of a code. */
export function toStatus(code: ErrorCode): number {
  return STATUS[code];
}

/** Who changed a record last, as an error says it. */
export interface LastChange {
  /** Caller id of who did it. */
  readonly by: string;
  readonly by_name?: string | undefined;
  /** What was done, in the words of the audit. */
  readonly act: string;
  readonly detail?: string | undefined;
  readonly at: string;
}

/**
 * What an error says besides its code and description. The caller is shown all but `isLocal`,
 * `logDescription` and `cause`.
 */
export interface ErrorDetails {
  /** Who has to act: no error leaves that open. */
  readonly owner: Owner;
  /** One sentence that tells the owner what to do. */
  readonly remedy: string;
  /** Sent as `Retry-After` and as `retry_after`. */
  readonly retryAfterSeconds?: number;
  /** Only this tenant, or this client, has to wait: others are served. */
  readonly isLocal?: boolean;
  /** The customer's consent link, with `consent_required` and `missing_roles`. */
  readonly consentUrl?: string | undefined;
  /** App roles, with `missing_roles`. */
  readonly missingRoles?: readonly string[];
  /** Names of the settings that are wrong, with `server_error`; never their values. */
  readonly problems?: readonly string[];
  /** What came before this change, with `precondition_failed`. */
  readonly lastChange?: LastChange | undefined;
  /** What the log says instead of the description, where that repeats what a caller made up. */
  readonly logDescription?: string;
  readonly cause?: unknown;
}

/**
 * The one error that crosses the domain: an OAuth-shaped code with one sentence that holds no
 * upstream text.
 */
export class BrokerError extends Error {
  /** Chunks of the bundle have this class each: an error of one is an error of all. */
  static override [Symbol.hasInstance](value: unknown): value is BrokerError {
    return value instanceof Error && value.name === 'BrokerError';
  }

  override readonly name = 'BrokerError';
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, description: string, details: ErrorDetails) {
    super(description, { cause: details.cause });
    this.code = code;
    this.details = details;
  }

  /** The HTTP status of the code. */
  get status(): number {
    return toStatus(this.code);
  }
}

/** For work that others do at the moment, or came before again and again: trying again helps. */
export function toBusyError(description: string, details: Partial<ErrorDetails> = {}): BrokerError {
  return new BrokerError('temporarily_unavailable', description, {
    owner: 'caller',
    remedy: 'Try again.',
    retryAfterSeconds: 1,
    ...details,
  });
}

/** The JSON body of an error on every route. */
export interface ErrorBody {
  readonly error: ErrorCode;
  readonly error_description: string;
  readonly correlation_id: string;
  readonly owner: Owner;
  readonly remedy: string;
  readonly retry_after?: number;
  readonly consent_url?: string;
  readonly missing_roles?: readonly string[];
  readonly problems?: readonly string[];
  readonly last_change?: LastChange;
}

/**
 * Shapes an error for the wire; anything that is not a BrokerError becomes a bland `server_error`.
 */
export function toErrorBody(error: unknown, correlationId: string): ErrorBody {
  if (!(error instanceof BrokerError)) {
    return {
      error: 'server_error',
      error_description: 'The broker met an unexpected condition.',
      correlation_id: correlationId,
      owner: 'partner',
      remedy: 'Search the log for the correlation id.',
    };
  }
  const { owner, remedy, retryAfterSeconds, consentUrl, missingRoles, ...more } = error.details;
  return {
    error: error.code,
    error_description: error.message,
    correlation_id: correlationId,
    owner,
    remedy,
    ...(retryAfterSeconds !== undefined && { retry_after: retryAfterSeconds }),
    ...(consentUrl && { consent_url: consentUrl }),
    ...(missingRoles && { missing_roles: missingRoles }),
    ...(more.problems && { problems: more.problems }),
    ...(more.lastChange && { last_change: more.lastChange }),
  };
}
