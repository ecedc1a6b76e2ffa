import type { HttpHandler, HttpResponse, HttpResponseInit } from '@azure/functions';

/**
 * Hands the library bodies as bytes. Of a text it makes a stream, and of that an array, which is a
 * tenth of a request for a token; of bytes two copies of up to 32 MB. The library asks a response
 * of its own class for its bytes, and this one has them.
 */
export function withBytes(
  handler: HttpHandler,
  create: (init: HttpResponseInit) => HttpResponse,
): HttpHandler {
  return async (request, context) => {
    const response = await handler(request, context);
    const bytes = findBytes(response);
    if (bytes === undefined) return response;
    const { body: _, ...init } = response;
    return Object.assign(create(init), { arrayBuffer: () => Promise.resolve(bytes) });
  };
}

/** A text without a Content-Type is the library's: it names one. */
function findBytes({ body, headers = {} }: HttpResponseInit): Uint8Array | undefined {
  if (body instanceof Uint8Array) return body;
  const isTyped = typeof body === 'string' && body !== '' && 'content-type' in headers;
  return isTyped ? Buffer.from(body) : undefined;
}
