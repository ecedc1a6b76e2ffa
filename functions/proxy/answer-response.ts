import type { HttpResponseInit } from '@azure/functions';
import { BrokerError } from '../../shared/errors.ts';
import type { ApiAnswer } from '../../shared/proxy/api-answer.ts';
import type { ProxiedAnswer } from '../../shared/proxy/call-api.ts';
import { toPassedHeaders } from '../../shared/proxy/proxy-headers.ts';
import {
  createToProxyUrl,
  rewriteLinks,
  type ToProxyUrl,
} from '../../shared/proxy/rewrite-links.ts';
import { toBytes } from '../../shared/proxy/whole-body.ts';

const BODILESS = new Set([204, 205, 304]);

/** Passes an API's answer on; throws `bad_gateway` for one that would lead the caller elsewhere. */
export function toAnswerResponse(
  { answer, reservation }: ProxiedAnswer,
  { proxyUrl, correlationId }: { proxyUrl: string; correlationId: string },
): HttpResponseInit {
  try {
    const toProxyUrl = createToProxyUrl(proxyUrl, answer.basePath);
    const { status } = answer;
    assertPassable(answer);
    const headers = {
      ...toPassedHeaders(answer.headers),
      ...toLocation(answer, proxyUrl),
      'x-correlation-id': correlationId,
    };
    if (BODILESS.has(status)) return { status, headers };
    const body = toBody(answer, toProxyUrl);
    return { status, headers: { ...headers, 'content-length': String(body.byteLength) }, body };
  } finally {
    reservation.release();
  }
}

/**
 * A token that is refused twice is no matter of the caller's own; a redirect would take the
 * caller's token along.
 */
function assertPassable({ status, location }: ApiAnswer): void {
  if (status === 401) {
    throw new BrokerError('bad_gateway', "The API refuses the customer's token.", {
      owner: 'microsoft',
      remedy: 'Verify the tenant with POST /api/tenants/{tenant}/verify, then try again.',
    });
  }
  if (status >= 300 && status < 400 && location === 'elsewhere') {
    throw new BrokerError('bad_gateway', 'The API answers with a redirect to another host.', {
      owner: 'caller',
      remedy: 'Use another call: the broker follows no redirect, and passes none on to strangers.',
    });
  }
}

function toLocation({ location }: ApiAnswer, proxyUrl: string): Record<string, string> {
  if (location === undefined || location === 'elsewhere') return {};
  return { location: `${proxyUrl}${location}` };
}

const JSON_TYPE = /^application\/(?:[\w.+-]+\+)?json(?:;|$)/i;

/** JSON with its links rewritten, anything else as it came. */
function toBody({ headers, body }: ApiAnswer, toProxyUrl: ToProxyUrl): Uint8Array {
  const isJson = JSON_TYPE.test(headers.get('content-type') ?? '');
  return toBytes(isJson ? rewriteLinks(body, toProxyUrl) : body);
}
