import { BrokerError } from '../../errors.ts';
import { isServed, type Tenant } from '../../tenants/tenant.ts';
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

/** Decides anew before each call: a grant or a consent may be gone by now. */
export async function findTarget(
  { access, getToken }: { access: HuntAccess; getToken: GetHuntingToken },
  callerId: string,
  tenantId: string,
): Promise<Target> {
  await access.ensureCurrent();
  const tenant = await access.findHuntable(
    { id: callerId, kind: 'application', roles: ['Hunting.Run'] },
    tenantId,
  );
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
