import type { RequiredRoles } from '../config.ts';
import type { ResourceName } from '../resources/resources.ts';
import type { ResourceProof, Tenant, TenantStatus } from '../tenants/tenant.ts';
import { IssueError } from '../tokens/failure.ts';
import { FAILURES } from '../tokens/failure-table.ts';
import { findMissingRoles, type IssuedToken, type IssueToken } from '../tokens/token-issuer.ts';
import type { TokenKey } from '../tokens/token-record.ts';

/** What fresh tokens proved, per required resource. */
export type Proofs = Tenant['proofs'];

/**
 * Asks Entra for fresh tokens of every resource that customers are asked for and looks at what they
 * carry.
 */
export type ProveTenant = (tenantId: string) => Promise<Proofs>;

/** Creates the proof; `keep` gets each token that carries every required role. */
export function createProveTenant({
  issueToken,
  keep,
  requiredRoles,
  optionalRoles,
  now,
}: {
  issueToken: IssueToken;
  keep: (key: TokenKey, issued: IssuedToken) => Promise<void>;
  requiredRoles: RequiredRoles;
  optionalRoles: RequiredRoles;
  now: () => number;
}): ProveTenant {
  const prove = async (key: TokenKey): Promise<ResourceProof> => {
    const required = requiredRoles.get(key.resource) ?? [];
    const optional = optionalRoles.get(key.resource) ?? [];
    const base = { ...(required.length === 0 && { optional: true as const }), checkedAt: now() };
    try {
      const issued = await issueToken(key);
      const granted = issued.claims.objectId ? issued.claims.roles : [];
      const missing = findMissingRoles(granted, required);
      if (required.length > 0 && missing.length === 0) await keep(key, issued);
      return { ...base, granted, missing, ...toLacking(findMissingRoles(granted, optional)) };
    } catch (error) {
      if (!(error instanceof IssueError)) throw error;
      const { cause } = error.failure;
      return { ...base, granted: [], missing: required, ...toLacking(optional), cause };
    }
  };
  const asked = new Set([...requiredRoles.keys(), ...optionalRoles.keys()]);

  return async (tenantId) => {
    const entries = await Promise.all(
      [...asked].map(
        async (resource): Promise<[ResourceName, ResourceProof]> => [
          resource,
          await prove({ tenantId, resource }),
        ],
      ),
    );
    return Object.fromEntries(entries);
  };
}

function toLacking(roles: readonly string[]): Pick<ResourceProof, 'lacking'> {
  return roles.length > 0 ? { lacking: roles } : {};
}

/** What a proof can make of a tenant. */
export type ProofVerdict = Extract<TenantStatus, 'active' | 'partial' | 'consent_revoked'>;

/**
 * What proofs say of a tenant; `undefined`: nothing for sure, since Entra or our credential was in
 * the way.
 */
export function toProofVerdict(proofs: Proofs): ProofVerdict | undefined {
  const all = Object.values(proofs).filter(({ optional }) => !optional);
  const missing = all.filter((proof) => proof.missing.length > 0);
  if (missing.length === 0) return 'active';
  if (missing.some(({ cause }) => cause && !isCustomers(cause))) return undefined;
  const withoutConsent = missing.filter(
    ({ cause }) => cause && FAILURES[cause].error === 'consent_required',
  );
  return withoutConsent.length === all.length ? 'consent_revoked' : 'partial';
}

/** Whether a token showed any role: then somebody who may consent has consented. */
export function hasGrant(proofs: Proofs): boolean {
  return Object.values(proofs).some(({ granted }) => granted.length > 0);
}

function isCustomers(cause: NonNullable<ResourceProof['cause']>): boolean {
  const { permanent, scope } = FAILURES[cause];
  return permanent && scope === 'tenant';
}
