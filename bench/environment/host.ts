import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import * as v from 'valibot';

const ROOT = join(import.meta.dirname, '../..');

const readySchema = v.object({ url: v.string() });

/** A Functions host in a process of its own. */
export interface ForkedHost {
  readonly url: string;
  /** Of its process. */
  readonly pid: number;
  readonly stop: () => Promise<void>;
}

/** Starts the app of a folder, by itself or below the project, in a host process. */
export async function forkHost(
  settings: Readonly<Record<string, string>>,
  {
    app = '.',
    quiet = false,
    workerArguments = [],
  }: { app?: string; quiet?: boolean; workerArguments?: readonly string[] } = {},
): Promise<ForkedHost> {
  const file = quiet ? 'bench/environment/quiet-host.ts' : 'local/host/cli.ts';
  const child = fork(join(ROOT, file), ['--app', resolve(ROOT, app), '--port', '0'], {
    env: { ...process.env, ...settings },
    execArgv: [...workerArguments],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const failed = once(child, 'exit').then(([code]) => {
    throw new Error(`The host ended with code ${code}.`);
  });
  const [message] = await Promise.race([once(child, 'message'), failed]);
  failed.catch(() => undefined);
  return {
    url: v.parse(readySchema, message).url,
    pid: child.pid ?? 0,
    stop: async () => {
      const exited = once(child, 'exit');
      child.disconnect();
      await exited;
    },
  };
}
