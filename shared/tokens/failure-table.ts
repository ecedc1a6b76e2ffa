import type { ErrorCode, Owner } from '../errors.ts';

/** Whom a failure concerns: one tenant, our client in every tenant, or the service itself. */
type FailureScope = 'tenant' | 'client' | 'service';

/** A row of the table. */
interface FailureKind {
  readonly scope: FailureScope;
  readonly owner: Owner;
  /** Somebody must act; asking again changes nothing. */
  readonly permanent: boolean;
  /** What the second refusal in a row makes of a tenant; absent: its status does not change. */
  readonly demotesTo?: 'consent_revoked' | 'partial';
  readonly error: ErrorCode;
  readonly description: string;
  readonly remedy: string;
}

/** Where Microsoft explains AADSTS numbers. */
const LOOKUP_URL = 'https://login.microsoftonline.com/error';

/**
 * Why Entra gave no usable token, with whose turn it is: the one table that answers and
 * docs/failures.md use.
 */
const TABLE = {
  consent_missing: {
    scope: 'tenant',
    owner: 'customer',
    permanent: true,
    demotesTo: 'consent_revoked',
    error: 'consent_required',
    description: "The tenant's admin has not consented to the app, or has removed it.",
    remedy: 'Send the consent link to an administrator of the tenant.',
  },
  app_disabled: {
    scope: 'tenant',
    owner: 'customer',
    permanent: true,
    demotesTo: 'consent_revoked',
    error: 'consent_required',
    description: 'The app is disabled in the tenant.',
    remedy:
      "Ask the tenant's admin to enable sign-in for the enterprise application, or to consent again.",
  },
  assignment_required: {
    scope: 'tenant',
    owner: 'customer',
    permanent: true,
    demotesTo: 'consent_revoked',
    error: 'consent_required',
    description: 'The tenant requires that the app is assigned, and it is not.',
    remedy:
      "Ask the tenant's admin to assign the app in Enterprise applications, or to turn off Assignment required.",
  },
  policy_blocked: {
    scope: 'tenant',
    owner: 'customer',
    permanent: true,
    demotesTo: 'consent_revoked',
    error: 'consent_required',
    description:
      'A Conditional Access policy or a tenant restriction of the tenant blocks the app.',
    remedy:
      "Ask the tenant's admin to find the block in the sign-in logs of service principals, and to exclude the app.",
  },
  tenant_blocked: {
    scope: 'tenant',
    owner: 'customer',
    permanent: true,
    demotesTo: 'consent_revoked',
    error: 'consent_required',
    description: 'Microsoft has blocked the tenant, for inactivity or for abuse.',
    remedy: "Ask the customer to have Microsoft's support unblock the tenant.",
  },
  tenant_gone: {
    scope: 'tenant',
    owner: 'customer',
    permanent: true,
    demotesTo: 'consent_revoked',
    error: 'consent_required',
    description: 'Entra no longer knows the tenant.',
    remedy:
      'Ask the customer whether the directory still exists; offboard the tenant if it does not.',
  },
  wrong_cloud: {
    scope: 'tenant',
    owner: 'partner',
    permanent: true,
    demotesTo: 'consent_revoked',
    error: 'consent_required',
    description: 'The tenant lives in another national cloud.',
    remedy:
      'Offboard the tenant here, and invite it from a deployment whose setting CLOUD is its cloud.',
  },
  service_missing: {
    scope: 'tenant',
    owner: 'customer',
    permanent: true,
    demotesTo: 'partial',
    error: 'missing_roles',
    description: 'The tenant has no subscription to this resource, or has not set it up.',
    remedy: 'Ask the customer to license and open Microsoft Defender once, then to consent again.',
  },
  roles_missing: {
    scope: 'tenant',
    owner: 'customer',
    permanent: true,
    demotesTo: 'partial',
    error: 'missing_roles',
    description: 'The tenant has not granted every app role that is required for this resource.',
    remedy: 'Send the consent link to an administrator of the tenant.',
  },
  consent_unsettled: {
    scope: 'tenant',
    owner: 'microsoft',
    permanent: false,
    error: 'temporarily_unavailable',
    description: 'Entra still removes an earlier registration of the app in the tenant.',
    remedy: 'Wait for 15 minutes, then open the consent link again.',
  },
  credential_rejected: {
    scope: 'client',
    owner: 'partner',
    permanent: true,
    error: 'temporarily_unavailable',
    description: "Entra refuses the broker's own credential.",
    remedy: 'Put a valid client credential into Key Vault; it is picked up within a minute.',
  },
  client_misconfigured: {
    scope: 'client',
    owner: 'partner',
    permanent: true,
    error: 'temporarily_unavailable',
    description: "Entra refuses the broker's app registration.",
    remedy: 'Compare the app registration with the deployment guide.',
  },
  request_invalid: {
    scope: 'client',
    owner: 'partner',
    permanent: true,
    error: 'temporarily_unavailable',
    description: 'Entra finds a mistake in the request of the broker.',
    remedy:
      'Check that no proxy changes its requests; else update the broker, or report the number.',
  },
  assertion_untimely: {
    scope: 'client',
    owner: 'partner',
    permanent: true,
    error: 'temporarily_unavailable',
    description: "Entra finds the time of the broker's client assertion wrong.",
    remedy:
      'Correct the clock of the host, or restart the app to renew its managed identity token.',
  },
  credential_unavailable: {
    scope: 'client',
    owner: 'partner',
    permanent: false,
    error: 'temporarily_unavailable',
    description: "The broker can't read its own credential from Key Vault.",
    remedy: 'Check that Key Vault answers and that the managed identity may read secrets.',
  },
  throttled: {
    scope: 'tenant',
    owner: 'microsoft',
    permanent: false,
    error: 'temporarily_unavailable',
    description: 'Entra throttles token requests.',
    remedy: 'Wait for the time in Retry-After.',
  },
  service_unavailable: {
    scope: 'service',
    owner: 'microsoft',
    permanent: false,
    error: 'temporarily_unavailable',
    description: 'Entra does not answer.',
    remedy: "Try again; see Microsoft's service health if it lasts.",
  },
  refused_in_tenant: {
    scope: 'tenant',
    owner: 'partner',
    permanent: false,
    error: 'temporarily_unavailable',
    description:
      'Entra refuses the broker in this tenant; nothing shows that it does so in others.',
    remedy: `Look the AADSTS number up at ${LOOKUP_URL}; Microsoft's support needs the correlation id.`,
  },
  unexpected_answer: {
    scope: 'tenant',
    owner: 'partner',
    permanent: false,
    error: 'temporarily_unavailable',
    description: 'Entra refuses this tenant for a reason that the broker does not know.',
    remedy: `Look the AADSTS number up at ${LOOKUP_URL}; Microsoft's support needs the correlation id.`,
  },
  service_broken: {
    scope: 'service',
    owner: 'microsoft',
    permanent: false,
    error: 'temporarily_unavailable',
    description: 'Entra failed, and says that trying again will not help.',
    remedy: "Open a case with Microsoft's support and name the correlation id.",
  },
  malformed_answer: {
    scope: 'service',
    owner: 'microsoft',
    permanent: false,
    error: 'temporarily_unavailable',
    description: 'Entra gave an answer that can not be read.',
    remedy: 'Try again. If it lasts, check that no proxy stands between the broker and Entra.',
  },
  token_ended: {
    scope: 'service',
    owner: 'partner',
    permanent: false,
    error: 'temporarily_unavailable',
    description: "Entra gave a token that has ended already, by the broker's clock.",
    remedy: 'Correct the clock of the host.',
  },
  wrong_token: {
    scope: 'tenant',
    owner: 'partner',
    permanent: false,
    error: 'server_error',
    description: 'Entra gave a token that is not for what was asked; the broker threw it away.',
    remedy: 'Search the log for the correlation id and open a case with Microsoft.',
  },
} as const satisfies Readonly<Record<string, FailureKind>>;

/** Why Entra gave no usable token. */
export type Cause = keyof typeof TABLE;

/** What each cause means, for whom, and what comes of it. */
export const FAILURES: Readonly<Record<Cause, FailureKind>> = TABLE;

/** Every cause, in the order of the table. */
export const CAUSES = Object.keys(TABLE) as readonly Cause[];
