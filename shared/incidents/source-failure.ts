import type { ErrorCode, Owner } from '../errors.ts';
import type { WalkProblem } from './walk/walk-error.ts';

/** What one way of failing means to people: whose turn it is, and what they do. */
interface SourceFailureKind {
  readonly owner: Owner;
  /** The answer to a caller whose request was held back by it. */
  readonly error: ErrorCode;
  readonly description: string;
  readonly remedy: string;
}

const SEARCH = 'Search the log for the correlation id; it passes if the API was disturbed.';

/**
 * Why incidents could not be read or changed: the one table that answers, coverage and documents
 * use.
 */
export const SOURCE_FAILURES = {
  throttled: {
    owner: 'microsoft',
    error: 'temporarily_unavailable',
    description: "Microsoft throttles requests for the tenant's incidents.",
    remedy: 'Wait for the time in Retry-After.',
  },
  unavailable: {
    owner: 'microsoft',
    error: 'temporarily_unavailable',
    description: "The tenant's incidents can't be reached at Microsoft.",
    remedy: "Try again; see Microsoft's service health if it lasts.",
  },
  malformed: {
    owner: 'microsoft',
    error: 'temporarily_unavailable',
    description: 'Microsoft gave an answer about incidents that the broker does not know.',
    remedy: SEARCH,
  },
  too_large: {
    owner: 'microsoft',
    error: 'temporarily_unavailable',
    description: "Microsoft's answer about incidents is larger than the broker takes.",
    remedy: SEARCH,
  },
  unauthorized: {
    owner: 'partner',
    error: 'temporarily_unavailable',
    description: "Microsoft does not accept the broker's token for the tenant's incidents.",
    remedy: 'Prove the tenant with POST /api/tenants/{tenant}/verify.',
  },
  forbidden: {
    owner: 'customer',
    error: 'missing_roles',
    description: 'The tenant has not granted the app role that this takes.',
    remedy: 'Send the consent link to an administrator of the tenant.',
  },
  licence_missing: {
    owner: 'customer',
    error: 'missing_roles',
    description:
      'The app role is granted, and Microsoft refuses all the same: a licence is missing, or Defender was never opened.',
    remedy: 'Ask the customer to license Microsoft Defender XDR and to open its portal once.',
  },
  refused: {
    owner: 'caller',
    error: 'invalid_request',
    description: 'Microsoft refuses the request about incidents.',
    remedy: 'Compare the values with the documented ones; read the incident for its state.',
  },
  foreign_link: {
    owner: 'microsoft',
    error: 'temporarily_unavailable',
    description: "Microsoft's answer leads to another host, which is not followed.",
    remedy: SEARCH,
  },
  no_token: {
    owner: 'partner',
    error: 'temporarily_unavailable',
    description: 'There was no token for the tenant.',
    remedy: 'See last_error of the tenant; prove it with POST /api/tenants/{tenant}/verify.',
  },
  partial: {
    owner: 'microsoft',
    error: 'temporarily_unavailable',
    description: 'Microsoft answered with a part of the incidents only (206).',
    remedy: 'The broker asks again by itself.',
  },
  unstable_list: {
    owner: 'microsoft',
    error: 'temporarily_unavailable',
    description: 'The list of incidents changed faster than it could be read.',
    remedy: 'The broker asks again by itself.',
  },
} as const satisfies Readonly<Record<WalkProblem, SourceFailureKind>>;
