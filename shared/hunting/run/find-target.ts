import type { Caller } from '../../callers/caller.ts';
import { BrokerError } from '../../errors.ts';
import { isServed, type Tenant } from '../../tenants/tenant.ts';
import type { Hunt } from '../hunt.ts';
import type { HuntAccess } from '../hunt-access.ts';
import type { HuntProblem } from '../verdict.ts';

/** The app role that Microsoft asks for ("security: runHuntingQuery", Microsoft Graph v1.0). */
export const HUNTING_ROLE = 'ThreatHunting.Read.All';

/** A tenant that may be asked now, why it can't be, or that there is no token at this moment. */
export type Target =
  | { readonly accessToken: string; readonly hasRole: boolean }
  | { readonly problem: HuntProblem }
  | { readonly retryAfterMs: number | undefined };

/**
 * A token of a tenant for Microsoft Graph; `undefined` roles: the token can't be read. Rejects with
 * a BrokerError.
 */
export type GetHuntingToken = (
  tenantId: string,
) => Promise<{ readonly accessToken: string; readonly roles: readonly string[] | undefined }>;

/**
 * Decides anew before each call: the caller may be blocked, a grant or a consent gone by now. Its
 * app role was in the token with which it asked, and can't be looked at again: `MAX_HUNT_MS` ends
 * the hunt.
 */
export async function findTarget(
  { access, getToken }: { access: HuntAccess; getToken: GetHuntingToken },
  hunt: Hunt,
  tenantId: string,
): Promise<Target> {
  const caller = toCaller(hunt);
  await access.ensureCurrent();
  if (await access.isBlocked(caller)) return { problem: 'caller_blocked' };
  const tenant = await access.findHuntable(caller, tenantId);
  if (!tenant) return { problem: 'not_granted' };
  if (!isServed(tenant)) return { problem: toStatusProblem(tenant) };
  try {
    const { accessToken, roles } = await getToken(tenantId);
    const hasRole = roles?.includes(HUNTING_ROLE) ?? false;
    // Of a token that can't be read Microsoft says what it lacks.
    return hasRole || roles === undefined ? { accessToken, hasRole } : { problem: 'role_missing' };
  } catch (error) {
    return toTokenProblem(error);
  }
}

function toCaller({ callerId: id, clientId }: Hunt): Caller {
  const roles = ['Hunting.Run'];
  if (clientId === undefined) return { id, kind: 'application', roles };
  return { id, kind: 'user', roles, clientId };
}

function toStatusProblem({ status }: Tenant): HuntProblem {
  switch (status) {
    case 'verifying':
      return 'consent_in_proof';
    case 'disabled':
      return 'tenant_disabled';
    case 'offboarded':
      return 'offboarded';
    default:
      return 'consent_missing';
  }
}

function toTokenProblem(error: unknown): Target {
  if (!(error instanceof BrokerError)) throw error;
  switch (error.code) {
    case 'consent_required':
      return { problem: 'consent_missing' };
    case 'missing_roles':
      return { problem: 'role_missing' };
    case 'temporarily_unavailable':
      return { retryAfterMs: (error.details.retryAfterSeconds ?? 0) * 1000 };
    default:
      return { problem: 'no_token' };
  }
}
