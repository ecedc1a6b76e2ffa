import { type BrowserHandle, toRedirect } from './browser.ts';

/** `GET /consent/start/{invitation}`: sends the customer's admin to sign in. */
export const startConsent: BrowserHandle = async (request, services) =>
  toRedirect(await services.consentFlow.start(request.params.invitation ?? ''), services);
