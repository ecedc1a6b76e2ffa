import { createSingleFlight } from '../single-flight.ts';
import { change } from '../store.ts';
import type { GetConsentUrl } from '../tenants/consent-url.ts';
import type { ReconsentInvitation, TenantStore } from '../tenants/tenant.ts';
import { DAY } from '../time.ts';
import { toConsentUrl } from './invitation.ts';
import type { Invite } from './invite.ts';

/** Long enough for a ticket to reach the customer; renewed while a day is left. */
const LIFE_SECONDS = 14 * 24 * 60 * 60;
const LEAST_LEFT = DAY;

/**
 * Creates the lookup: the tenant's pinned invitation, made once and kept with the tenant until it
 * ends.
 */
export function createGetConsentUrl({
  invite,
  tenants,
  publicBaseUrl,
  now,
}: {
  invite: Invite;
  tenants: TenantStore;
  publicBaseUrl: string;
  now: () => number;
}): GetConsentUrl {
  const isGood = (reconsent: ReconsentInvitation | undefined): reconsent is ReconsentInvitation =>
    reconsent !== undefined && reconsent.expiresAt - now() > LEAST_LEFT;

  const share = createSingleFlight<ReconsentInvitation>();

  /**
   * The tenant that a refusal knows may have been read before it had a link: only the table shows
   * that there is none.
   */
  const findOrMake = async (tenantId: string): Promise<ReconsentInvitation> => {
    const known = (await tenants.find(tenantId))?.value.reconsent;
    if (isGood(known)) return known;
    const link = await invite({
      tenant: tenantId,
      expiresInSeconds: LIFE_SECONDS,
      note: 're-consent',
      createdBy: 'broker',
    });
    const fresh = { id: link.invitationId, expiresAt: link.expiresAt };
    const kept = await change(tenants, tenantId, (tenant) =>
      tenant && tenant.status !== 'offboarded' && !isGood(tenant.reconsent)
        ? { ...tenant, reconsent: fresh }
        : tenant,
    );
    return kept?.reconsent ?? fresh;
  };

  return async ({ tenantId, reconsent, pendingInvitation }) => {
    if (pendingInvitation !== undefined) return undefined;
    const link = isGood(reconsent) ? reconsent : await share(tenantId, () => findOrMake(tenantId));
    return toConsentUrl(publicBaseUrl, link.id);
  };
}
