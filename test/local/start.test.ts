import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { APP_ROOT, findFreePort } from '../../local/sandbox/sandbox.ts';

const run = promisify(execFile);

/** `npm start` as a person has it; colours aside. */
function npmStart(...args: readonly string[]) {
  const env = { ...process.env, NO_COLOR: '1' };
  const child = spawn('npm', ['start', '--silent', '--', ...args], { cwd: APP_ROOT, env });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

async function pickPorts() {
  return { port: await findFreePort(), microsoftPort: await findFreePort() };
}

/** The process with all that it has started, directly or not. */
async function listFamily(pid: number): Promise<readonly number[]> {
  const { stdout } = await run('ps', ['-A', '-o', 'pid=,ppid=']);
  const rows = stdout
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number));
  const family = new Set([pid]);
  for (const [child = 0, parent = 0] of rows) if (family.has(parent)) family.add(child);
  return [...family];
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

test('it is quiet, fits a terminal, and SIGTERM ends all that it started', async () => {
  const { port, microsoftPort } = await pickPorts();
  const child = npmStart('--port', `${port}`, '--microsoft-port', `${microsoftPort}`);
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  while (!output.includes('Ctrl+C stops everything')) await delay(100);
  const [page, home] = await Promise.all([
    fetch(`http://127.0.0.1:${port}/`),
    fetch(`http://127.0.0.1:${microsoftPort}/`),
  ]);
  const family = await listFamily(child.pid ?? 0);

  child.kill('SIGTERM');
  await once(child, 'exit');
  while (family.some(isAlive)) await delay(100);

  expect([page.status, home.status]).toEqual([200, 200]);
  expect(family.length).toBeGreaterThanOrEqual(3);
  expect(output.split('\n').filter((line) => line.length > 80)).toEqual([]);
  expect(output).not.toMatch(/Executing|\{"event"/);
});

test('a port that is in use is named in one sentence, with options that work', async () => {
  const { port, microsoftPort } = await pickPorts();
  const server = createServer().listen(port, '127.0.0.1');
  onTestFinished(() => void server.close());
  const child = npmStart('--port', `${port}`, '--microsoft-port', `${microsoftPort}`);

  const [message, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')]);

  expect(code).toBe(1);
  expect(message).toMatch(
    new RegExp(
      `^Port ${port} is in use, perhaps by another sandbox: stop it, or run ` +
        'npm start -- --port \\d+ --microsoft-port \\d+\n$',
    ),
  );
});
