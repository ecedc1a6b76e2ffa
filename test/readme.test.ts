import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { APP_ROOT, startSandbox } from '../local/sandbox/sandbox.ts';
import { claimAccount } from './support/storage.ts';

const run = promisify(execFile);

test('the commands of the README work as printed', { timeout: 30_000 }, async () => {
  const sandbox = await startSandbox({ storage: claimAccount() });
  const readme = await readFile(join(APP_ROOT, 'README.md'), 'utf8');
  const blocks = [...readme.matchAll(/```sh\n(.*?)```/gs)].map(([, block = '']) => block);
  const script = blocks
    .filter((block) => block.includes('curl'))
    .map((block) => `${block.trim()}\necho`)
    .join('\n')
    .replaceAll('http://127.0.0.1:7071', sandbox.url)
    .replaceAll('http://127.0.0.1:7072', sandbox.microsoft.url);
  const { stdout } = await run('bash', ['-euc', script]);
  await sandbox.stop();
  const answers = stdout.split('\n').flatMap((line) => line.match(/\{.*?\}(?=\{"|$)/g) ?? []);
  expect(answers.length).toBeGreaterThanOrEqual(8);
  expect(answers.filter((answer) => answer.includes('"error"'))).toEqual([]);
  expect(stdout).toContain('"status":"consent_revoked"');
  expect(stdout).toContain('"kind":"created","recorded_at"');
  expect(stdout).toContain('"status":"inProgress"');
});
