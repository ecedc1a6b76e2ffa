import type { HttpHandler, HttpResponse, HttpResponseInit } from '@azure/functions';

/**
 * Lets bodies of bytes through as they are. Of such a body the library makes a stream and of that
 * an array: two copies of up to 32 MB. The library asks a response of its own class for its bytes,
 * and this one has them.
 */
export function withBytes(
  handler: HttpHandler,
  create: (init: HttpResponseInit) => HttpResponse,
): HttpHandler {
  return async (request, context) => {
    const response = await handler(request, context);
    if (!(response.body instanceof Uint8Array)) return response;
    const { body, ...init } = response;
    return Object.assign(create(init), { arrayBuffer: () => Promise.resolve(body) });
  };
}
