import { BrokerError } from '../errors.ts';
import { toRetryAfterSeconds } from '../retry/retry-after.ts';
import { type Cause, FAILURES } from './failure-table.ts';

/** What is known of a failure of one tenant and resource. */
export interface Failure {
  readonly cause: Cause;
  /** Entra's AADSTS number, a hint for people only: programs must not branch on it. */
  readonly entraCode?: number | undefined;
  /** How long Entra wants us to wait, from `Retry-After`. */
  readonly retryAfterMs?: number | undefined;
  /** App roles that the token lacked. */
  readonly missingRoles?: readonly string[] | undefined;
}

/** Entra gave no usable token. The domain turns it into an answer with `toBrokerError`. */
export class IssueError extends Error {
  override readonly name = 'IssueError';
  readonly failure: Failure;

  constructor(failure: Failure, cause?: unknown) {
    super(failure.cause, { cause });
    this.failure = failure;
  }
}

/** The answer that a failure gets on the API. */
export function toBrokerError(
  failure: Failure,
  retryAfterMs?: number,
  consentUrl?: string,
): BrokerError {
  const { error, description, remedy, owner, scope } = FAILURES[failure.cause];
  const hint = failure.entraCode ? ` (AADSTS${failure.entraCode})` : '';
  return new BrokerError(error, `${description.replace(/\.$/, '')}${hint}.`, {
    owner,
    remedy,
    ...(scope === 'tenant' && { isLocal: true }),
    ...(retryAfterMs !== undefined && {
      retryAfterSeconds: toRetryAfterSeconds(retryAfterMs),
    }),
    ...(consentUrl && { consentUrl }),
    ...(failure.missingRoles && { missingRoles: failure.missingRoles }),
  });
}
