import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { startFunctionsHost } from '../../local/host/functions-host.ts';
import { createCoreModule } from '../../local/host/worker/core-module.ts';
import { loadApp } from '../../local/host/worker/load-app.ts';
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

test('the host is answered when only the entry is loaded; what a token takes comes after that', async () => {
  await sandbox.host.stop();
  const { cache } = createRequire(import.meta.url);
  const isOurs = (path: string) => dirname(path) === join(APP_ROOT, 'dist');
  const findLoaded = () =>
    Object.keys(cache)
      .filter(isOurs)
      .map((path) => basename(path));
  const unload = await loadApp(
    APP_ROOT,
    createCoreModule(() => undefined),
  );
  afterAll(unload);
  expect(findLoaded()).toEqual(['index.cjs']);
  await expect.poll(findLoaded).toEqual(expect.arrayContaining(['core.cjs', 'azure-sdk.cjs']));
  expect(findLoaded()).not.toContain('deferred.cjs');
});
