import type { HttpHandler } from '@azure/functions';
import { toErrorResponse } from '../api.ts';
import type { HandlerParts, OpenRoute } from '../route.ts';

/** A new key signs at once, and verifiers look again when they meet an unknown `kid`. */
const HEADERS = { 'cache-control': 'public, max-age=300' };

/** `GET /.well-known/jwks.json`: the public keys of receipts (RFC 7517), for anybody. */
export const receiptKeys: OpenRoute = {
  kind: 'open',
  tag: 'api',
  id: 'receiptKeys',
  method: 'GET',
  head: true,
  path: 'api/.well-known/jwks.json',
  summary: 'Get the public keys that verify receipts of offboardings.',
  answers: { 200: 'ReceiptKeys' },
  errors: ['temporarily_unavailable', 'server_error'],
  createHandler,
};

function createHandler({ getServices, log }: HandlerParts): HttpHandler {
  return (_request, context) =>
    log.within(context, async () => {
      try {
        const keys = await getServices().receiptKeys.list();
        return { headers: HEADERS, jsonBody: { keys: keys.map(({ publicJwk }) => publicJwk) } };
      } catch (error) {
        return toErrorResponse(error, { log, correlationId: context.invocationId });
      }
    });
}
