import type { PageRoute } from '../route.ts';
import { findConsentCookie, loadPages, toPageResponse, toRedirect } from './browser.ts';

/** `GET /consent/callback`: takes Entra's answers to the sign-in and to the consent. */
export const consentCallback: PageRoute = {
  kind: 'page',
  id: 'consentCallback',
  method: 'GET',
  path: 'api/consent/callback',
  summary: "Take Entra's answers to the sign-in and to the consent.",
  answer: async (request, services) => {
    const text = (name: string) => request.query.get(name) ?? undefined;
    const answer = {
      state: text('state'),
      code: text('code'),
      error: text('error'),
      error_subcode: text('error_subcode'),
      error_description: text('error_description'),
      admin_consent: text('admin_consent'),
      tenant: text('tenant'),
    };
    const step = await services.consentFlow.answer(answer, findConsentCookie(request, services));
    if ('location' in step) return toRedirect(step.location);
    return toPageResponse((await loadPages(request, services.pageContext)).wait());
  },
};
