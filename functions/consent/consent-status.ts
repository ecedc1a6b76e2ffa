import type { ConsentOutcome } from '../../shared/consent/outcome.ts';
import { ConsentRefused } from '../../shared/invitations/refusal.ts';
import { isIncomplete } from '../../shared/tenants/tenant.ts';
import type { PageRoute } from '../route.ts';
import type { Services } from '../services.ts';
import { findConsentCookie, loadPages, toPageResponse } from './browser.ts';

/**
 * `GET /consent/status`: how the proof of this browser's consent stands; no query, so nothing to
 * forge or leak.
 */
export const consentStatus: PageRoute = {
  kind: 'page',
  id: 'consentStatus',
  method: 'GET',
  path: 'api/consent/status',
  summary: "See how the proof of this browser's consent stands.",
  answer: async (request, services) => {
    const outcome = await services.findOutcome(findConsentCookie(request, services));
    if (!outcome) throw new ConsentRefused('state_missing');
    const retryUrl = await findRetryUrl(outcome, services);
    const pages = await loadPages(request, services.pageContext);
    return toPageResponse(pages.outcome(outcome, retryUrl));
  },
};

/** The same link while it works, else the one that every refusal of this tenant names. */
async function findRetryUrl(
  { outcome, tenant, invitationId }: ConsentOutcome,
  { toConsentUrl, getConsentUrl }: Services,
): Promise<string | undefined> {
  if (outcome !== 'partial' && outcome !== 'not_found') return undefined;
  if (invitationId !== undefined) return toConsentUrl(invitationId);
  return tenant && isIncomplete(tenant) ? await getConsentUrl(tenant) : undefined;
}
