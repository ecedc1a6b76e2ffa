import type { Cookie, HttpHandler, HttpRequest, HttpResponseInit } from '@azure/functions';
import { ConfigError } from '../../shared/config.ts';
import { ATTEMPT_LIFE, type ConsentStep } from '../../shared/consent/consent-flow.ts';
import { chooseTexts } from '../../shared/consent/page/language.ts';
import { PAGE_HEADERS } from '../../shared/consent/page/page.ts';
import { renderRefusal } from '../../shared/consent/page/pages.ts';
import type { Texts } from '../../shared/consent/page/texts.ts';
import { ConsentRefused, toRefusalStatus } from '../../shared/consent/refusal.ts';
import type { Log } from '../../shared/log.ts';
import type { HandlerParts, PageRoute } from '../route.ts';
import type { Services } from '../services.ts';

/** Answers a browser: every refusal and every error becomes a page in the visitor's language. */
export function createPageHandler({ answer }: PageRoute, parts: HandlerParts): HttpHandler {
  const { getServices, log } = parts;
  return async (request, context) => {
    try {
      return await answer(request, getServices());
    } catch (error) {
      const refused = toRefused(error, log);
      return toRefusalPage(refused, textsOf(request), context.invocationId);
    }
  };
}

/** The texts in the visitor's language. */
export function textsOf(request: HttpRequest): Texts {
  return chooseTexts(request.headers.get('accept-language') ?? undefined);
}

/** Sends the browser on with its new cookie. */
export function toRedirect(
  { location, cookie }: ConsentStep,
  { isSecure }: Services,
): HttpResponseInit {
  const headers = { ...PAGE_HEADERS, location };
  return { status: 303, headers, cookies: [toCookie(cookie, isSecure)] };
}

/** The consent cookie's value, `undefined` when the browser sent none. */
export function findCookie(request: HttpRequest, { isSecure }: Services): string | undefined {
  const prefix = `${toCookieName(isSecure)}=`;
  const cookies = (request.headers.get('cookie') ?? '').split(';').map((text) => text.trim());
  return cookies.find((text) => text.startsWith(prefix))?.slice(prefix.length);
}

/**
 * `__Host-` (RFC 6265bis) keeps other hosts of the domain from planting a cookie; browsers accept it on https only, so
 * the loopback sandbox has a plain name. Lax is enough: Entra sends the browser back by a top-level GET.
 */
function toCookie(value: string, isSecure: boolean): Cookie {
  return {
    name: toCookieName(isSecure),
    value,
    httpOnly: true,
    secure: isSecure,
    sameSite: 'Lax',
    path: '/',
    maxAge: ATTEMPT_LIFE / 1000,
  };
}

function toCookieName(isSecure: boolean): string {
  return isSecure ? '__Host-consent' : 'consent';
}

function toRefused(error: unknown, log: Log): ConsentRefused {
  if (error instanceof ConsentRefused) {
    log.warn('consent.refused', { refusal: error.refusal, entra_code: error.entraCode });
    return error;
  }
  const name = error instanceof Error ? error.name : 'unknown';
  const problems = error instanceof ConfigError ? error.problems.join(' ') : undefined;
  log.error('consent.failed', { cause: name, problems });
  return new ConsentRefused('try_later');
}

function toRefusalPage(
  { refusal, entraCode }: ConsentRefused,
  texts: Texts,
  correlationId: string,
): HttpResponseInit {
  return {
    status: toRefusalStatus(refusal),
    headers: PAGE_HEADERS,
    body: renderRefusal(texts, refusal, { entraCode, correlationId }),
  };
}
