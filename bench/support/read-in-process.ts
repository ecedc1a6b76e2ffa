import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ReadReport } from './read-hunt.ts';

/** What the template starts Node with on the smallest instance: V8 grows with the machine. */
export async function readWorkerArguments(): Promise<readonly string[]> {
  const template = await readFile('infra/modules/function-app.bicep', 'utf8');
  const found = /instanceMemoryMB == 512 \? '([^']+)'/.exec(template)?.[1];
  if (found === undefined) throw new Error('The template does not bound the heap.');
  return found.split(' ');
}

/** Reads a hunt in a process of its own, started with these arguments of Node. */
export async function readInProcess(
  args: readonly string[],
  workerArguments: readonly string[],
): Promise<ReadReport> {
  const file = join(import.meta.dirname, 'read-hunt.ts');
  const child = fork(file, args, { execArgv: ['--expose-gc', ...workerArguments] });
  const message = once(child, 'message');
  const ended = once(child, 'exit').then(([code]) => {
    if (code !== 0) throw new Error(`The reader ended with code ${code}.`);
  });
  await Promise.race([message, ended]);
  // Only the file beside this one sends here.
  return (await message)[0] as ReadReport;
}
