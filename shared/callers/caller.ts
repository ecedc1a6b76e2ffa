import { BrokerError } from '../errors.ts';

/** The app roles of the broker's API, assigned in the home tenant. */
export const APP_ROLES = [
  'Tokens.Issue',
  'Tenants.Read',
  'Tenants.Manage',
  'Incidents.Read',
  'Incidents.Write',
  'Policy.Manage',
  'Audit.Read',
  'Apis.Call',
  'Hunting.Run',
] as const;

/** An app role of the broker's API. */
export type AppRole = (typeof APP_ROLES)[number];

/** An internal tool or person of the partner, from a verified access token. */
export interface Caller {
  /** Client id of an application, object id of a user. */
  readonly id: string;
  readonly kind: 'application' | 'user';
  readonly roles: readonly string[];
  /** Client id of the application through which a user calls. */
  readonly clientId?: string;
}

/** Throws `insufficient_scope` unless the caller holds the role. */
export function assertRole(caller: Caller, role: AppRole): void {
  if (hasRole(caller, role)) return;
  throw new BrokerError('insufficient_scope', `The caller does not hold the app role ${role}.`, {
    owner: 'partner',
    remedy: `Assign ${role} of the broker's API to the caller in the home tenant.`,
  });
}

/** Whether the caller holds the role; who manages tenants may read them. */
export function hasRole({ roles }: Caller, role: AppRole): boolean {
  return roles.includes(role) || (role === 'Tenants.Read' && roles.includes('Tenants.Manage'));
}
