import { cp, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { FIXTURE, MASTER_KEY, setUp } from './set-up.ts';

/** Starts the fixture with another host.json. */
async function setUpWith(hostJson: string) {
  const appRoot = await mkdtemp(join(tmpdir(), 'host-'));
  onTestFinished(() => rm(appRoot, { recursive: true }));
  await cp(FIXTURE, appRoot, { recursive: true });
  await symlink(join(FIXTURE, '../../../../node_modules'), join(appRoot, 'node_modules'));
  await writeFile(join(appRoot, 'host.json'), hostJson);
  const { host, get } = await setUp({ appRoot });
  const status = async () => {
    const headers = { 'x-functions-key': MASTER_KEY };
    return (await get('/admin/host/status', { headers })).json();
  };
  return { host, get, status };
}

function withQueues(queues: object): string {
  return JSON.stringify({ version: '2.0', extensions: { queues } });
}

describe('a host.json', () => {
  it.each([
    ['a batch of 64', withQueues({ batchSize: 64 }), 'batchSize|32'],
    ['a negative threshold', withQueues({ newBatchThreshold: -1 }), 'newBatchThreshold'],
    ['a bad time span', withQueues({ visibilityTimeout: '30 s' }), 'time span'],
    ['25 hours', withQueues({ maxPollingInterval: '25:00:00' }), 'time span'],
    ['no dequeue', withQueues({ maxDequeueCount: 0 }), 'maxDequeueCount'],
    ['a bad encoding', withQueues({ messageEncoding: 'utf8' }), 'messageEncoding'],
    ['the version 1.0', '{"version":"1.0"}', 'version'],
    ['no version', '{}', 'version'],
    ['a bad timeout', '{"version":"2.0","functionTimeout":"5m"}', 'functionTimeout|time span'],
    ['broken JSON', '{"version":', 'not JSON'],
  ])('with %s makes every call 503, and the status says why', async (_, hostJson, reason) => {
    const { host, get, status } = await setUpWith(hostJson);

    const [call, home, ping] = await Promise.all([
      get('/api/from/hello'),
      get('/'),
      get('/admin/host/ping'),
    ]);

    expect([call.status, home.status, ping.status]).toEqual([503, 503, 200]);
    const errors = [expect.stringMatching(reason)];
    expect(await status()).toMatchObject({ state: 'Error', errors });
    expect(host.errors).toEqual(errors);
  });

  it.each([
    ['unknown keys', '{"version":"2.0","unknown":1,"extensions":{"http":{"odd":true}}}', 'api/'],
    ['a number as prefix', '{"version":"2.0","extensions":{"http":{"routePrefix":7}}}', '7/'],
    ['no prefix', '{"version":"2.0","extensions":{"http":{"routePrefix":""}}}', ''],
    ['numbers as text', withQueues({ batchSize: '8' }), 'api/'],
    ['fractions', withQueues({ maxPollingInterval: '0:0:0.5' }), 'api/'],
    ['the encoding None', withQueues({ messageEncoding: 'None' }), 'api/'],
    ['a timeout', '{"version":"2.0","functionTimeout":"1.00:10:00"}', 'api/'],
  ])('with %s is accepted', async (_, hostJson, prefix) => {
    const { get, status } = await setUpWith(hostJson);

    expect(await get(`/${prefix}from/hello`)).toMatchObject({ status: 200 });
    expect(await status()).toMatchObject({ state: 'Running' });
  });
});
