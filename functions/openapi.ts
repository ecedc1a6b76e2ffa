import type { HttpHandler } from '@azure/functions';
import type { OpenRoute } from './route.ts';

/**
 * `GET /openapi.json`: the description of this API, generated from its routes and their schemas.
 */
export const openApi: OpenRoute = {
  kind: 'open',
  tag: 'api',
  id: 'openApi',
  method: 'GET',
  head: true,
  path: 'api/openapi.json',
  summary: 'Get this description.',
  answers: { 200: undefined },
  errors: [],
  createHandler: () => answerDescription,
};

const answerDescription: HttpHandler = async () => {
  const description = await import('../docs/openapi.json', { with: { type: 'json' } });
  return {
    headers: { 'cache-control': 'public, max-age=300' },
    jsonBody: description.default,
  };
};
