import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { APP_ROOT } from '../../local/sandbox/sandbox.ts';

const run = promisify(execFile);
const CHECK = join(APP_ROOT, 'local/check-node.cjs');

const read = (file: string) => readFile(join(APP_ROOT, file), 'utf8');

test('package.json and the documents say the same of Node', async () => {
  const { engines, devDependencies, scripts } = JSON.parse(await read('package.json'));
  const documents = await Promise.all(['README.md', 'CONTRIBUTING.md', 'docs/deploy.md'].map(read));

  expect(engines).toEqual({ node: '>=20' });
  expect(devDependencies.node).toMatch(/^24\./);
  for (const document of documents) expect(document).toMatch(/\bNode 20\b/);
  const own = Object.values<string>(scripts).filter((script) => /\bnode\b/.test(script));
  for (const script of own) expect(script).toContain('node -r ./local/check-node.cjs ');
});

test('an old Node says in one sentence what to do, and runs nothing', async () => {
  const pretend = join(tmpdir(), `node-20-${process.pid}.cjs`);
  const version = "Object.defineProperty(process, 'versions', { value: { node: '20.20.2' } });";
  await writeFile(pretend, version);

  const ran = run(process.execPath, ['-r', pretend, '-r', CHECK, '-e', "console.log('ran')"]);

  await expect(ran).rejects.toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.stringMatching(/^This needs Node 24.*npm rebuild node.*try again\.\n$/),
  });
});

test('the Node of the scripts goes on', async () => {
  const { stdout } = await run(process.execPath, ['-r', CHECK, '-e', "console.log('ran')"]);

  expect(stdout).toBe('ran\n');
});

test('whatever runs a script at its installation is allowed by name', async () => {
  const { packages } = JSON.parse(await read('package-lock.json'));
  const { allowScripts } = JSON.parse(await read('package.json'));
  const names = Object.entries<{ hasInstallScript?: boolean }>(packages)
    .filter(([, entry]) => entry.hasInstallScript)
    .map(([path]) => path.replace(/^.*node_modules\//, ''));

  expect(Object.keys(allowScripts)).toEqual(names);
});
