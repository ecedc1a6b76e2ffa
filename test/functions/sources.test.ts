import { expect, test } from 'vitest';
import { composeSources } from '../../functions/compose/incidents.ts';
import { serve } from '../../local/serve.ts';
import type { Config } from '../../shared/config.ts';
import { toInstant } from '../../shared/incidents/instant.ts';
import { readConfig } from '../../shared/read-config.ts';
import { readJson } from '../infra/project.ts';
import { CONTOSO } from '../local/defender/set-up.ts';

async function readSampleConfig(url: string): Promise<Config> {
  const { Values } = await readJson('local.settings.sample.json');
  return readConfig({ ...Values, DEFENDER_API_URL: url, GRAPH_API_URL: url });
}

test('each source asks its own API with a token of the broker for it', async () => {
  const asked: string[] = [];
  const api = await serve(({ url, headers }) => {
    asked.push(`${new URL(url).pathname} ${headers.get('authorization')}`);
    return Response.json({ value: [] });
  });
  const getToken = (key: { tenantId: string; resource: string }, minTtlMs: number) =>
    Promise.resolve({ accessToken: `${key.tenantId}/${key.resource}/${minTtlMs}` } as never);
  const sources = composeSources(await readSampleConfig(api.url), {
    tokens: { broker: { getToken } },
    observer: { fetch },
  });

  const query = { from: toInstant(0), top: 1, skip: 0 };
  await sources['defender-xdr'].list(CONTOSO, query);
  await sources.graph.list(CONTOSO, query);

  expect(asked).toEqual([
    `/api/incidents Bearer ${CONTOSO}/defender-xdr/0`,
    `/v1.0/security/incidents Bearer ${CONTOSO}/graph/0`,
  ]);
  await api.stop();
});
