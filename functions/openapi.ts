import type { HttpHandler } from '@azure/functions';

/** `GET /openapi.json`: the description of this API, generated from the schemas that validate requests. */
export const openApi: HttpHandler = async () => {
  const description = await import('../docs/openapi.json', { with: { type: 'json' } });
  return {
    headers: { 'cache-control': 'public, max-age=300' },
    jsonBody: description.default,
  };
};
