import * as v from 'valibot';
import type { ConsentStanding } from '../../shared/consent/outcome.ts';
import type { PageRoute } from '../route.ts';
import { findConsentCookie, loadPages, toPageResponse, toRedirect } from './browser.ts';

/** Who is there sees the page again: another try may help. */
const UNFINISHED: readonly ConsentStanding[] = ['partial', 'not_found'];

/**
 * `GET /consent/start?invitation=`: who asks, for what, and a button. Scanners open links, so it
 * writes nothing and sets no cookie. The browser that went on already is sent to where its consent
 * stands.
 */
export const showInvitation: PageRoute = {
  kind: 'page',
  id: 'showInvitation',
  method: 'GET',
  path: 'api/consent/start',
  query: v.object({ invitation: v.string() }),
  head: true,
  summary: 'Open an invitation: who asks, for which permissions, and a button that leads to Entra.',
  answer: async (request, services) => {
    const invitationId = request.query.get('invitation') ?? '';
    const { findOutcome, consentFlow, pageContext } = services;
    const known = await findOutcome(findConsentCookie(request, services), invitationId);
    if (known && !UNFINISHED.includes(known.outcome)) return toRedirect(pageContext.statusUrl);
    const { domain, tenantId } = await consentFlow.open(invitationId);
    const pages = await loadPages(request, pageContext);
    return toPageResponse(pages.invitation({ invitationId, organisation: domain ?? tenantId }));
  },
};
