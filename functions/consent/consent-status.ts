import { PAGE_HEADERS } from '../../shared/consent/page/page.ts';
import { renderOutcome } from '../../shared/consent/page/pages.ts';
import { ConsentRefused } from '../../shared/consent/refusal.ts';
import { isIncomplete } from '../../shared/tenants/tenant.ts';
import type { PageRoute } from '../route.ts';
import { findCookie, textsOf } from './browser.ts';

/** `GET /consent/status`: how the proof of this browser's consent stands; no query, so nothing to forge or leak. */
export const consentStatus: PageRoute = {
  kind: 'page',
  id: 'consentStatus',
  method: 'GET',
  path: 'api/consent/status',
  summary: "See how the proof of this browser's consent stands.",
  answer: async (request, services) => {
    const session = await services.consentFlow.findConsented(findCookie(request, services));
    const tenant = session?.tenantId && (await services.tenants.find(session.tenantId))?.value;
    if (!session || !tenant) throw new ConsentRefused('state_missing');
    if (tenant.status === 'offboarded') throw new ConsentRefused('tenant_offboarded');
    const consentUrl = isIncomplete(tenant) ? await services.getConsentUrl(tenant) : undefined;
    const view = { tenant, userName: session.userName, statusUrl: services.statusUrl, consentUrl };
    return { headers: PAGE_HEADERS, body: renderOutcome(textsOf(request), view) };
  },
};
