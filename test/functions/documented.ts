import { readFileSync } from 'node:fs';
import * as v from 'valibot';
import type { BrokerClient } from '../../local/sandbox/client.ts';
import { APP_ROOT } from '../../local/sandbox/sandbox.ts';

const descriptionSchema = v.object({
  paths: v.record(
    v.string(),
    v.record(v.string(), v.object({ responses: v.record(v.string(), v.looseObject({})) })),
  ),
});
const { paths } = v.parse(
  descriptionSchema,
  JSON.parse(readFileSync(`${APP_ROOT}/docs/openapi.json`, 'utf8')),
);
const routes = Object.entries(paths).map(([path, methods]) => ({
  methods,
  pattern: new RegExp(`^${path.replaceAll('.', '\\.').replace(/\{\w+\}/g, '[^/]+')}$`),
}));

/**
 * The client, whose every answer has to be one that the description has: each test proves it on its
 * way.
 */
export function withDescription(client: BrokerClient): BrokerClient {
  return {
    ...client,
    async call(method, path, body) {
      const answer = await client.call(method, path, body);
      const undocumented = findUndocumented(method, path, answer);
      if (undocumented)
        throw new Error(`Not in docs/openapi.json: ${method} ${path}: ${undocumented}`);
      return answer;
    },
  };
}

function findUndocumented(
  method: string,
  path: string,
  { status, body }: { status: number; body: { error?: unknown } | undefined },
): string | undefined {
  const [bare = ''] = `/api${path}`.split('?');
  const route = routes.find(({ pattern, methods }) => {
    return pattern.test(bare) && method.toLowerCase() in methods;
  });
  if (!route) return undefined;
  const response = route.methods[method.toLowerCase()]?.responses[status];
  if (!response) return `${status} ${String(body?.error)}`;
  if (status < 400 || typeof body?.error !== 'string') return undefined;
  return JSON.stringify(response).includes(`examples/${body.error}"`) ? undefined : body.error;
}
