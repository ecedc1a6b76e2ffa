import type { HttpHandler, HttpRequest, HttpResponseInit } from '@azure/functions';
import { ConfigError } from '../../shared/config.ts';
import { ACCEPTED_LIFE_MS } from '../../shared/consent/consent-parts.ts';
import type { Pages } from '../../shared/consent/page/pages.ts';
import type { PageContext, RenderedPage } from '../../shared/consent/page/site.ts';
import { ConsentRefused, toRefusalStatus } from '../../shared/invitations/refusal.ts';
import type { Log } from '../../shared/log.ts';
import { type CookieKind, findCookie, toCookie } from '../cookies.ts';
import type { HandlerParts, PageRoute } from '../route.ts';
import type { Services } from '../services.ts';

/** Where nothing is configured there is nobody to name and nothing to begin. */
const UNCONFIGURED: PageContext = {
  partner: { name: undefined, contact: undefined, privacyUrl: undefined, appName: undefined },
  clientId: '',
  required: [],
  optional: [],
  authority: undefined,
  startUrl: '',
  statusUrl: '',
};

/** The headers of an answer without a page. */
const REDIRECT_HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
} as const;

/** Answers a browser: every refusal and every error becomes a page in the visitor's language. */
export function createPageHandler({ answer }: PageRoute, parts: HandlerParts): HttpHandler {
  const { getServices, log } = parts;
  return async (request, { invocationId }) => {
    let context = UNCONFIGURED;
    try {
      const services = getServices();
      context = services.pageContext;
      return await answer(request, services);
    } catch (error) {
      const { refusal, details } = toRefused(error, log);
      const pages = await loadPages(request, context);
      const page = pages.refusal({ refusal, ...details, correlationId: invocationId });
      return { ...toPageResponse(page), status: toRefusalStatus(refusal) };
    }
  };
}

/** The pages in the visitor's language; their texts are loaded by the first visitor. */
export async function loadPages(request: HttpRequest, context: PageContext): Promise<Pages> {
  const { createPages } = await import('../../shared/consent/page/pages.ts');
  return createPages(context, request.headers.get('accept-language') ?? undefined);
}

/** A page as an answer. */
export function toPageResponse({ headers, body }: RenderedPage): HttpResponseInit {
  return { headers, body };
}

/** Sends the browser on, with the cookie by which it is known where it gets one. */
export function toRedirect(
  location: string,
  cookie?: { readonly value: string; readonly isSecure: boolean },
): HttpResponseInit {
  return {
    status: 303,
    headers: { ...REDIRECT_HEADERS, location },
    ...(cookie && { cookies: [toCookie(CONSENT_COOKIE, cookie.value, cookie.isSecure)] }),
  };
}

const CONSENT_COOKIE: CookieKind = {
  name: 'consent',
  sameSite: 'Lax',
  maxAgeSeconds: ACCEPTED_LIFE_MS / 1000,
};

/** The consent cookie's value, `undefined` when the browser sent none. */
export function findConsentCookie(
  request: HttpRequest,
  { isSecure }: Pick<Services, 'isSecure'>,
): string | undefined {
  return findCookie(request, CONSENT_COOKIE, isSecure);
}

/**
 * Rejects a request that another site made: browsers name the origin of a form's request, or at
 * least say that it is of the same one.
 */
export function assertSameOrigin(
  { headers }: HttpRequest,
  { publicOrigin }: Pick<Services, 'publicOrigin'>,
): void {
  const origin = headers.get('origin');
  const isOurs =
    origin === null ? headers.get('sec-fetch-site') === 'same-origin' : origin === publicOrigin;
  if (!isOurs) throw new ConsentRefused('cross_site');
}

function toRefused(error: unknown, log: Log): ConsentRefused {
  if (error instanceof ConsentRefused) {
    const { refusal, details } = error;
    log.warn('consent.refused', { refusal, entra_code: details.entraCode });
    return error;
  }
  const name = error instanceof Error ? error.name : 'unknown';
  const problems = error instanceof ConfigError ? error.problems.join(' ') : undefined;
  log.error('consent.failed', { cause: name, problems });
  return new ConsentRefused('try_later');
}
