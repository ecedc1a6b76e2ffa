import { createAdminApi } from './admin-api.ts';
import type { App } from './app.ts';
import { sendText } from './http/http-response.ts';
import { createHasKey } from './http/keys.ts';
import { readRequestHead } from './http/request-head.ts';

/**
 * What the real host is when its host.json can't be used: every call is 503, and its status says
 * why.
 */
export function createHaltedApp({
  errors,
  masterKey,
}: {
  readonly errors: readonly string[];
  readonly masterKey: string;
}): App {
  const hasKey = createHasKey(masterKey);
  const answerOwn = createAdminApi({ functions: [], hasKey, errors, findRun: () => undefined });
  return {
    functions: [],
    answer: async (incoming, outgoing) => {
      const head = readRequestHead(incoming);
      if (typeof head !== 'number' && (await answerOwn({ incoming, outgoing, head }))) return;
      incoming.resume();
      sendText(outgoing, 'Function host is not running.', { status: 503, type: 'text/plain' });
    },
    runFunction: () => Promise.reject(new Error(errors.join(' '))),
    drainQueues: () => Promise.resolve(),
    start: () => undefined,
    stop: () => Promise.resolve(),
  };
}
