import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';
import { APP_ROOT } from '../../local/sandbox/sandbox.ts';
import { startEnvironment } from '../functions/set-up.ts';

const TOOLS = join(APP_ROOT, '.mcp-tools/node_modules/.bin');
const hasTools = existsSync(join(TOOLS, 'conformance'));
if (!hasTools) console.warn('.ci/install-mcp-tools was not run: MCP tools are not tested.');

const { sandbox } = await startEnvironment();
const token = await (await fetch(`${sandbox.microsoft.url}/sandbox/token/operator`)).text();

/** The suite has no way to send a token: this adds one. */
const front = createServer((incoming, outgoing) => {
  const headers = { ...incoming.headers, authorization: `Bearer ${token}` };
  const { method } = incoming;
  const onward = request(`${sandbox.url}${incoming.url}`, { method, headers }, (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(outgoing);
  });
  incoming.pipe(onward);
});
await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve));
afterAll(() => front.close());

/** Runs a tool on this Node; answers what it prints, whatever its exit code. */
async function run(tool: string, ...args: string[]): Promise<string> {
  const ran = promisify(execFile)(process.execPath, [join(TOOLS, tool), ...args]);
  const { stdout } = await ran.catch((error: { stdout: string }) => error);
  return stdout;
}

/** What a scenario of the conformance suite came to, and which checks failed. */
async function conform(scenario: string, version: string) {
  const url = `http://127.0.0.1:${(front.address() as AddressInfo).port}/api/mcp`;
  const args = ['--url', url, '--scenario', scenario, '--spec-version', version];
  const output = await run('conformance', 'server', ...args);
  const failed = [...output.matchAll(/\[([\w-]+) *\] \S*FAILURE/g)].map(([, check]) => check);
  return { passed: Number(/Passed: (\d+)\//.exec(output)?.[1] ?? 0), failed };
}

test.skipIf(!hasTools)('the MCP inspector accepts every tool, strictly', async () => {
  const output = await run(
    'mcp-inspector',
    ...['--cli', `${sandbox.url}/api/mcp`, '--transport', 'http', '--method', 'tools/list'],
    ...['--strict', '--header', `Authorization: Bearer ${token}`],
  );
  const names = JSON.parse(output).tools.map(({ name }: { name: string }) => name);
  expect(names).toEqual(expect.arrayContaining(['list_customers', 'update_incident']));
});

test.skipIf(!hasTools).each([
  ['server-initialize', '2025-11-25'],
  ['ping', '2025-11-25'],
  ['tools-list', '2025-11-25'],
  ['tools-list', '2026-07-28'],
  ['http-header-validation', '2026-07-28'],
])('the conformance suite passes %s of %s', async (scenario, version) => {
  const { passed, failed } = await conform(scenario, version);
  expect(failed).toEqual([]);
  expect(passed).toBeGreaterThan(0);
});

test.skipIf(!hasTools)('of a stateless server only what needs tools for tests fails', async () => {
  const { passed, failed } = await conform('server-stateless', '2026-07-28');
  // Each wants a tool such as `test_missing_capability`, which no server of real use has.
  expect(failed).toEqual([
    'sep-2575-server-rejects-undeclared-capability',
    'sep-2575-missing-capability-http-400',
    'sep-2575-http-server-no-independent-requests-on-stream',
    'sep-2575-server-no-log-without-loglevel',
  ]);
  expect(passed).toBeGreaterThanOrEqual(21);
});
