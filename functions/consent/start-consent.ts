import type { PageRoute } from '../route.ts';
import { toRedirect } from './browser.ts';

/** `GET /consent/start/{invitation}`: sends the customer's admin to sign in. */
export const startConsent: PageRoute = {
  kind: 'page',
  id: 'startConsent',
  method: 'GET',
  path: 'api/consent/start/{invitation}',
  summary: "Open an invitation: sends the customer's admin to sign in.",
  answer: async (request, services) =>
    toRedirect(await services.consentFlow.start(request.params.invitation ?? ''), services),
};
