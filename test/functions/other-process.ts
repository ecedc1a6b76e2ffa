import { fork } from 'node:child_process';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { APP_ROOT } from '../../local/sandbox/sandbox.ts';

/** Starts the same app in another process, on the same storage; answers its address. */
export async function startOtherProcess(
  settings: Readonly<Record<string, string | undefined>>,
): Promise<string> {
  const child = fork(join(APP_ROOT, 'local/host/cli.ts'), ['--app', APP_ROOT, '--port', '0'], {
    env: { ...process.env, ...settings },
    silent: true,
  });
  afterAll(() => void child.kill());
  return await new Promise((resolve, reject) => {
    child.once('message', (message: { url: string }) => resolve(message.url));
    child.once('exit', (code) => reject(new Error(`The other process ended with ${code}.`)));
  });
}
