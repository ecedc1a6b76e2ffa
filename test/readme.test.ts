import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { APP_ROOT, startSandbox } from '../local/sandbox/sandbox.ts';
import { claimAccount } from './support/storage.ts';

const run = promisify(execFile);

const ANSWERS = {
  'README.md': { count: 4, parts: ['"token_type":"Bearer"', '"consent_url"', '"fleet_coverage"'] },
  'docs/tour.md': {
    count: 8,
    parts: [
      '"status":"consent_revoked"',
      '"kind":"created","recorded_at"',
      '"status":"inProgress"',
    ],
  },
};

test.each(Object.entries(ANSWERS))(
  'the commands of %s work as printed',
  async (document, { count, parts }) => {
    const sandbox = await startSandbox({ storage: claimAccount() });
    const text = await readFile(join(APP_ROOT, document), 'utf8');
    const blocks = [...text.matchAll(/```sh\n(.*?)```/gs)].map(([, block = '']) => block);
    const script = blocks
      .filter((block) => block.includes('curl'))
      .map((block) => `${block.trim()}\necho`)
      .join('\n')
      .replaceAll('http://127.0.0.1:7071', sandbox.url)
      .replaceAll('http://127.0.0.1:7072', sandbox.microsoft.url);
    const { stdout } = await run('bash', ['-euc', script]);
    await sandbox.stop();
    const answers = stdout.split('\n').flatMap((line) => line.match(/\{.*?\}(?=\{"|$)/g) ?? []);
    expect(answers.length).toBeGreaterThanOrEqual(count);
    expect(answers.filter((answer) => answer.includes('"error"'))).toEqual([]);
    expect(parts.filter((part) => !stdout.includes(part))).toEqual([]);
  },
);
