import type { HttpHandler } from '@azure/functions';
import { toErrorResponse } from '../api.ts';
import type { InvocationLog } from '../log.ts';
import type { Services } from '../services.ts';

/** A new key signs at once, and verifiers look again when they meet an unknown `kid`. */
const HEADERS = { 'cache-control': 'public, max-age=300' };

/** `GET /.well-known/jwks.json`: the public keys of receipts (RFC 7517), for anybody. */
export function createGetReceiptKeys({
  getServices,
  log,
}: {
  getServices: () => Services;
  log: InvocationLog;
}): HttpHandler {
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
