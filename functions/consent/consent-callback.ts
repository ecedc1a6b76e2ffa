import type { PageRoute } from '../route.ts';
import { findCookie, toRedirect } from './browser.ts';

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
      error_description: text('error_description'),
      admin_consent: text('admin_consent'),
      tenant: text('tenant'),
    };
    const cookie = findCookie(request, services);
    return toRedirect(await services.consentFlow.answer(answer, cookie), services);
  },
};
