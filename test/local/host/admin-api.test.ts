import { describe, expect, it } from 'vitest';
import { MASTER_KEY, setUp } from './set-up.ts';

const headers = { 'x-functions-key': MASTER_KEY };

describe('the admin API, with the key', () => {
  it('lists the state and the functions', async () => {
    const { host, get } = await setUp();

    const [status, functions] = await Promise.all([
      get('/admin/host/status', { headers }).then((response) => response.json()),
      get('/admin/functions', { headers }).then((response) => response.json()),
    ]);

    expect(status).toEqual({ state: 'Running', id: 'local', version: expect.any(String) });
    expect(functions).toEqual(host.functions);
  });

  it.each([
    ['tick', '{"input":""}', 202],
    ['tick', undefined, 202],
    ['tick', 'not json', 400],
    ['unknown', '{}', 404],
  ])('answers a run of %s with %s by %i', async (name, body, status) => {
    const { get, host, seen } = await setUp();
    const init = { method: 'POST', headers, ...(body !== undefined && { body }) };

    const response = await get(`/admin/functions/${name}`, init);

    await host.stop();
    expect([response.status, seen.ticks.length]).toEqual([status, status === 202 ? 1 : 0]);
  });

  it.each(['/admin/host/keys', '/runtime/webhooks/x', '/admin/functions/tick/status'])(
    'has nothing at %s, which nobody needs locally',
    async (path) => {
      const { get } = await setUp();

      expect(await get(path, { headers })).toMatchObject({ status: 404 });
    },
  );
});
