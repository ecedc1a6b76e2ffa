import { fork } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { FIXTURE, NO_STORAGE } from './set-up.ts';

it('the command serves, tells its parent where, and ends when it is asked to', async () => {
  const cli = fileURLToPath(new URL('../../../local/host/cli.ts', import.meta.url));
  const settings = { GREETING: 'fork', QUEUE: 'work', TICK: '0 0 0 1 1 *' };
  const child = fork(cli, ['--app', FIXTURE, '--port', '0'], {
    env: { ...settings, AzureWebJobsStorage: NO_STORAGE },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  const output = child.stdout ? text(child.stdout) : Promise.resolve('');

  const [{ url }] = await once(child, 'message');
  const response = await fetch(`${url}/api/from/fork`);
  child.kill('SIGTERM');

  expect(response.status).toBe(200);
  expect(await once(child, 'exit')).toEqual([0, null]);
  expect(await output).toContain(`configured: [GET] ${url}/api/from/fork`);
});
