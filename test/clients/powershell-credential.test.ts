import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';
import { APP_ROOT } from '../../local/sandbox/sandbox.ts';
import { startFace } from './set-up.ts';

const run = promisify(execFile);
const { sandbox, contoso } = await startFace();
sandbox.microsoft.incidents.createIncident(contoso.tenantId);
const hasPowerShell = await run('pwsh', ['-NoProfile', '-Command', '1']).then(
  () => true,
  () => false,
);
if (!hasPowerShell) console.warn('There is no PowerShell (pwsh): its function is not tested.');

/** A broker that is busy at first; answers how often it was asked. */
let asked = 0;
const busy = createServer((_, response) => {
  asked += 1;
  const [status, body] = asked === 1 ? [503, {}] : [200, { access_token: 'a.b.c' }];
  response.writeHead(status, { 'content-type': 'application/json', 'retry-after': '1' });
  response.end(JSON.stringify(body));
});
await new Promise<void>((resolve) => busy.listen(0, '127.0.0.1', resolve));
afterAll(() => busy.close());

const HEAD = `
$ErrorActionPreference = 'Stop'
. '${join(APP_ROOT, 'docs/client/Get-BrokerToken.ps1')}'
$text = Invoke-RestMethod ${sandbox.microsoft.url}/sandbox/token/operator
$mine = ConvertTo-SecureString $text -AsPlainText -Force
`;

/** Runs a script after the function was loaded; answers what it prints. */
async function runScript(script: string): Promise<string> {
  return (await run('pwsh', ['-NoProfile', '-Command', HEAD + script])).stdout.trim();
}

test.skipIf(!hasPowerShell)('Invoke-RestMethod reads a customer’s incidents with it', async () => {
  const script = `
$token = Get-BrokerToken -Url ${sandbox.url} -Tenant ${contoso.tenantId} -CallerToken $mine
$answer = Invoke-RestMethod ${sandbox.microsoft.url}/api/incidents -Authentication Bearer -Token $token -AllowUnencryptedAuthentication
"$($token.GetType().Name) $($answer.value.Count)"`;
  expect(await runScript(script)).toBe('SecureString 1');
});

test.skipIf(!hasPowerShell)('a refusal says what to do, and not what was sent', async () => {
  const script = `
try { Get-BrokerToken -Url ${sandbox.url} -Tenant nobody.example -CallerToken $mine }
catch { "$_"; "$_".Contains($text) }`;
  const [refusal, isLeaked] = (await runScript(script)).split('\n');
  expect(refusal).toMatch(/^(access_denied|tenant_not_found): /);
  expect(isLeaked).toBe('False');
});

test.skipIf(!hasPowerShell)('a broker that is busy is asked again when it says', async () => {
  const { port } = busy.address() as AddressInfo;
  const script = `
$token = Get-BrokerToken -Url http://127.0.0.1:${port} -Tenant contoso.example -CallerToken $mine -Resource graph
[System.Net.NetworkCredential]::new('', $token).Password`;
  expect([await runScript(script), asked]).toEqual(['a.b.c', 2]);
});
