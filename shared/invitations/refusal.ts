/** Why a consent attempt ends: each has its own page and its own word in the log. */
export const REFUSALS = [
  'invitation_unknown',
  'invitation_expired',
  'invitation_used',
  'invitation_revoked',
  'cross_site',
  'state_missing',
  'state_invalid',
  'state_expired',
  'other_browser',
  'sign_in_failed',
  'personal_account',
  'wrong_tenant',
  'tenant_offboarded',
  'declined',
  'admin_required',
  'assignment_required',
  'blocked_by_policy',
  'no_subscription',
  'being_prepared',
  'consent_failed',
  'try_later',
] as const;

/** Why a consent attempt ends. */
export type Refusal = (typeof REFUSALS)[number];

/** What a refusal's page shows besides. */
export interface RefusalDetails {
  /** Entra's number, for the page's small print. */
  readonly entraCode?: number | undefined;
  /** The link that this browser may try again; only set for the browser that began the attempt. */
  readonly invitationId?: string | undefined;
}

/** Ends a consent attempt with a page. */
export class ConsentRefused extends Error {
  override readonly name = 'ConsentRefused';
  readonly refusal: Refusal;
  readonly details: RefusalDetails;

  constructor(refusal: Refusal, details: RefusalDetails = {}) {
    super(refusal);
    this.refusal = refusal;
    this.details = details;
  }
}

/** The HTTP status of a refusal's page. */
export function toRefusalStatus(refusal: Refusal): number {
  switch (refusal) {
    case 'invitation_unknown':
      return 404;
    case 'invitation_expired':
    case 'invitation_used':
    case 'invitation_revoked':
      return 410;
    case 'cross_site':
    case 'personal_account':
    case 'wrong_tenant':
    case 'tenant_offboarded':
    case 'declined':
    case 'admin_required':
    case 'assignment_required':
    case 'blocked_by_policy':
    case 'other_browser':
      return 403;
    case 'no_subscription':
    case 'being_prepared':
    case 'consent_failed':
      return 409;
    case 'try_later':
      return 503;
    case 'state_missing':
    case 'state_invalid':
    case 'state_expired':
    case 'sign_in_failed':
      return 400;
    default:
      return refusal satisfies never;
  }
}

/**
 * Numbers that pick a more helpful page ("Microsoft Entra authentication and authorization error
 * codes"). Microsoft reserves them for people, so they decide nothing else.
 */
const PAGES: Readonly<Partial<Record<Refusal, readonly number[]>>> = {
  declined: [65004],
  admin_required: [90093, 90094, 90095, 900941],
  assignment_required: [50105, 501051],
  blocked_by_policy: [500021, 500022, 53000, 53001, 53002, 53003, 53011, 530032, 530034, 530035],
  no_subscription: [650052, 500011, 500014],
  being_prepared: [650051],
};

/** An error that Entra's redirect carries, every part of it a claim. */
interface EntraRedirectError {
  readonly error: string;
  readonly subcode: string | undefined;
  readonly description: string | undefined;
}

/** Reads Entra's error redirect. `error` alone decides that it failed. */
export function toRefusal({ error, subcode, description }: EntraRedirectError): ConsentRefused {
  const number = /\bAADSTS(\d{4,9})\b/.exec(description ?? '')?.[1];
  const entraCode = number === undefined ? undefined : Number(number);
  const refusal = findPage(entraCode) ?? toPage(error, subcode);
  return new ConsentRefused(refusal, { entraCode });
}

function findPage(entraCode: number | undefined): Refusal | undefined {
  if (entraCode === undefined) return undefined;
  return REFUSALS.find((refusal) => PAGES[refusal]?.includes(entraCode));
}

/** `access_denied` alone does not say who denied it: a person who cancels leaves the subcode. */
function toPage(error: string, subcode: string | undefined): Refusal {
  if (error === 'access_denied' && subcode === 'cancel') return 'declined';
  if (error === 'temporarily_unavailable' || error === 'server_error') return 'try_later';
  return 'consent_failed';
}
