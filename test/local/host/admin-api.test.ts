import { describe, expect, it } from 'vitest';
import { setUp } from './set-up.ts';

describe('the admin API', () => {
  it('tells the state and the functions', async () => {
    const { host, get } = await setUp();

    const [status, functions] = await Promise.all([
      get('/admin/host/status').then((response) => response.json()),
      get('/admin/functions').then((response) => response.json()),
    ]);

    expect(status).toMatchObject({ state: 'Running', id: 'local' });
    expect(functions).toEqual(host.functions);
  });

  it.each([
    ['tick', '{"input":""}', 202],
    ['tick', undefined, 202],
    ['tick', 'not json', 400],
    ['unknown', '{}', 404],
  ])('answers a run of %s with %s by %i', async (name, body, status) => {
    const { get, host, seen } = await setUp();
    const init = { method: 'POST', ...(body !== undefined && { body }) };

    const response = await get(`/admin/functions/${name}`, init);

    await host.stop();
    expect([response.status, seen.ticks.length]).toEqual([status, status === 202 ? 1 : 0]);
  });
});
