import { afterAll, expect, test } from 'vitest';
import { startFunctionsHost } from '../../local/host/functions-host.ts';
import { APP_ROOT } from '../../local/sandbox/sandbox.ts';
import { startOwn } from './own-environment.ts';

const { sandbox } = await startOwn();
const { keyVault, entra } = sandbox.microsoft;

test('a new process fetches keys while the host starts, before anyone asks', async () => {
  await sandbox.host.stop();
  entra.resetRequests();
  const seen = keyVault.requests.length;
  const { settings } = sandbox;
  const host = await startFunctionsHost({ appRoot: APP_ROOT, settings, timers: false });
  afterAll(host.stop);
  const read = () =>
    keyVault.requests.slice(seen).flatMap(({ path, status }) => (status === 200 ? [path] : []));
  await expect.poll(() => [read().length, entra.requests.length]).toEqual([2, 2]);
  expect(read().filter((path) => !path.includes('token-encryption-key'))).toEqual([]);
  expect(entra.requests.map(({ path }) => path.replace(/^.*v2\.0\//, ''))).toEqual([
    '.well-known/openid-configuration',
    'keys',
  ]);
});
