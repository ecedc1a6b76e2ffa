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
    return { status, headers, body: toBody(toPieces(answer, toProxyUrl)) };
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

/** JSON as one piece with its links rewritten, anything else as it came. */
function toPieces({ headers, chunks }: ApiAnswer, toProxyUrl: ToProxyUrl): readonly Uint8Array[] {
  const isJson = JSON_TYPE.test(headers.get('content-type') ?? '');
  return isJson ? rewriteLinks(Buffer.concat(chunks), toProxyUrl) : chunks;
}

/** The library puts the pieces together: a copy less than if they came as one. */
function toBody(pieces: readonly Uint8Array[]): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      for (const piece of pieces) if (piece.byteLength > 0) controller.enqueue(piece);
      controller.close();
    },
  });
}
