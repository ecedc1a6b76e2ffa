import type { FindTombstone } from '../tenants/tombstone.ts';
import type { Invitation } from './invitation.ts';
import { ConsentRefused } from './refusal.ts';

/**
 * Rejects with ConsentRefused when the tenant was offboarded and the invitation was not made to
 * bring it back.
 */
export type Admit = (tenantId: string, invitation: Invitation) => Promise<void>;

/** Creates the check. */
export function createAdmit(findTombstone: FindTombstone): Admit {
  return async (tenantId, invitation) => assertAdmitted(invitation, await findTombstone(tenantId));
}

/** Only an invitation that was made for the tenant after its offboarding names that offboarding. */
export function assertAdmitted({ readmits }: Invitation, offboarding: string | undefined): void {
  if (offboarding !== undefined && readmits !== offboarding) {
    throw new ConsentRefused('tenant_offboarded');
  }
}
