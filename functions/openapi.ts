import type { HttpHandler } from '@azure/functions';
import description from '../docs/openapi.json' with { type: 'json' };

/** `GET /openapi.json`: the description of this API, generated from the schemas that validate requests. */
export const openApi: HttpHandler = () => ({
  headers: { 'cache-control': 'public, max-age=300' },
  jsonBody: description,
});
