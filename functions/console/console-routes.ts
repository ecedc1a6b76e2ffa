import type { HttpHandler } from '@azure/functions';
import { toErrorResponse } from '../api.ts';
import type { OpenRoute } from '../route.ts';
import { createConsoleFiles } from './console-files.ts';
import { serveFile } from './serve-file.ts';

/** The bundle and the console lie side by side in `dist/`. */
const findFiles = createConsoleFiles(`${import.meta.dirname}/console`);

const NOT_FOUND = { status: 404, headers: { 'cache-control': 'no-store' } };

/**
 * `GET /`: the operators' page. Its address is `/` in full: the host takes an empty route for the
 * function's name.
 */
export const consolePage: OpenRoute = {
  kind: 'open',
  tag: 'console',
  id: 'consolePage',
  method: 'GET',
  head: true,
  path: '/',
  summary: "Get the operators' page.",
  answers: { 200: undefined },
  errors: [],
  createHandler: ({ log }) =>
    answering(log, async (request) => {
      const { page } = await findFiles();
      return serveFile(request, page, 'no-cache');
    }),
};

/** `GET /assets/{file}`: a part of the page, under a name that changes with its content. */
export const consoleAsset: OpenRoute = {
  kind: 'open',
  tag: 'console',
  id: 'consoleAsset',
  method: 'GET',
  head: true,
  path: 'assets/{file}',
  summary: "Get a script or style sheet of the operators' page.",
  answers: { 200: undefined },
  errors: [],
  createHandler: ({ log }) =>
    answering(log, async (request) => {
      const { assets } = await findFiles();
      const file = assets.get(request.params.file ?? '');
      return file ? serveFile(request, file, 'public, max-age=31536000, immutable') : NOT_FOUND;
    }),
};

type Answer = (request: Parameters<HttpHandler>[0]) => Promise<Awaited<ReturnType<HttpHandler>>>;

function answering(log: Parameters<typeof toErrorResponse>[1]['log'], answer: Answer): HttpHandler {
  return async (request, { invocationId }) => {
    try {
      return await answer(request);
    } catch (error) {
      return toErrorResponse(error, { log, correlationId: invocationId });
    }
  };
}
