import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import type { HttpHandler } from '@azure/functions';
import { createLoadOnce } from './compose/load-once.ts';
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

const answerDescription: HttpHandler = async () => ({
  headers: { 'cache-control': 'public, max-age=300', 'content-type': 'application/json' },
  body: await loadDescription(),
});

/** Beside the bundle lies the description, compressed. */
const loadDescription = createLoadOnce(async () =>
  brotliDecompressSync(await readFile(join(import.meta.dirname, 'openapi.json.br'))),
);
