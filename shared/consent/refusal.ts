/** Why a consent attempt ends: each has its own page and its own word in the log. */
export const REFUSALS = [
  'invitation_unknown',
  'invitation_expired',
  'invitation_used',
  'state_missing',
  'state_invalid',
  'state_expired',
  'state_replayed',
  'other_browser',
  'sign_in_failed',
  'personal_account',
  'wrong_tenant',
  'tenant_offboarded',
  'declined',
  'admin_required',
  'no_subscription',
  'consent_failed',
  'try_later',
] as const;

/** Why a consent attempt ends. */
export type Refusal = (typeof REFUSALS)[number];

/** Ends a consent attempt with a page. */
export class ConsentRefused extends Error {
  override readonly name = 'ConsentRefused';
  readonly refusal: Refusal;
  /** Entra's number, for the page's small print. */
  readonly entraCode: number | undefined;

  constructor(refusal: Refusal, entraCode?: number) {
    super(refusal);
    this.refusal = refusal;
    this.entraCode = entraCode;
  }
}

/** The HTTP status of a refusal's page. */
export function toRefusalStatus(refusal: Refusal): number {
  switch (refusal) {
    case 'invitation_unknown':
      return 404;
    case 'invitation_expired':
    case 'invitation_used':
      return 410;
    case 'personal_account':
    case 'wrong_tenant':
    case 'tenant_offboarded':
    case 'declined':
    case 'admin_required':
    case 'other_browser':
      return 403;
    case 'no_subscription':
    case 'consent_failed':
      return 409;
    case 'try_later':
      return 503;
    case 'state_missing':
    case 'state_invalid':
    case 'state_expired':
    case 'state_replayed':
    case 'sign_in_failed':
      return 400;
    default:
      return refusal satisfies never;
  }
}

/**
 * Reads Entra's error redirect. `error` alone decides that it failed; the AADSTS number, which Microsoft reserves for
 * people, only picks the more helpful page.
 */
export function toRefusal(error: string, description: string): ConsentRefused {
  const number = /\bAADSTS(\d{4,9})\b/.exec(description)?.[1];
  const entraCode = number === undefined ? undefined : Number(number);
  return new ConsentRefused(pickRefusal(error, entraCode), entraCode);
}

function pickRefusal(error: string, entraCode: number | undefined): Refusal {
  switch (entraCode) {
    case 65004:
      return 'declined';
    case 90094:
    case 90095:
      return 'admin_required';
    case 650052:
      return 'no_subscription';
    default:
      break;
  }
  if (error === 'access_denied') return 'declined';
  if (error === 'temporarily_unavailable' || error === 'server_error') return 'try_later';
  return 'consent_failed';
}
