import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';
import { APP_ROOT, startSandbox } from '../local/sandbox/sandbox.ts';
import { claimAccount } from './support/storage.ts';

const sandbox = await startSandbox({ storage: claimAccount() });
afterAll(sandbox.stop);

/** What the answers of a page hold, at least. */
const PARTS: Readonly<Record<string, readonly string[]>> = {
  'docs/client/README.md': ['"access_token"', '"issued_token_type"', '"@odata.nextLink"'],
  'docs/recipes/elastic.md': ['"alerts"', '"expires_on"'],
  'docs/recipes/grafana.md': ['"fleet_coverage"', '"token_type":"Bearer"'],
  'docs/recipes/mcp-clients.md': ['"update_incident"', '"untrusted"', '"authorization_servers"'],
  'docs/recipes/n8n.md': ['"@odata.nextLink"'],
  'docs/recipes/sentinel.md': ['"dedup_key"', '"next_cursor"'],
  'docs/recipes/splunk.md': ['"has_more"', '"incidentId"'],
  'docs/recipes/xsoar.md': ['"has_more"', '"incidentId"'],
};

test.each(Object.entries(PARTS))('the commands of %s work as printed', async (document, parts) => {
  const text = await readFile(join(APP_ROOT, document), 'utf8');
  const blocks = [...text.matchAll(/^ *```sh\n(.*?)^ *```/gms)].map(([, block = '']) => block);
  const script = blocks
    .join('echo\n')
    .replaceAll('http://127.0.0.1:7071', sandbox.url)
    .replaceAll('http://127.0.0.1:7072', sandbox.microsoft.url);
  const { stdout } = await promisify(execFile)('bash', ['-euo', 'pipefail', '-c', script]);
  expect(parts.filter((part) => !stdout.includes(part))).toEqual([]);
  expect(stdout).not.toContain('"error"');
});

/** Blocks in other languages are files, or commands of products that are not here. */
const LANGUAGES = new Set(['sh', 'json', 'text', 'ts', 'python', 'powershell']);

test.each(Object.keys(PARTS))('no command of %s hides from this test', async (document) => {
  const text = await readFile(join(APP_ROOT, document), 'utf8');
  const fences = [...text.matchAll(/^ *```(\S*)$/gm)].map(([, language = '']) => language);
  const opened = fences.filter((_, index) => index % 2 === 0);
  expect(opened.filter((language) => !LANGUAGES.has(language))).toEqual([]);
  expect(opened).toContain('sh');
  expect(text.replaceAll(/```sh\n.*?```/gs, '')).not.toMatch(/^\s*curl /m);
});

test('the record that the recipes begin with is taken, and makes a write impossible', async () => {
  const page = await readFile(join(APP_ROOT, 'docs/recipes/README.md'), 'utf8');
  const [, json = ''] = /```json\n(.*?)```/s.exec(page) ?? [];
  const { clientId } = sandbox.partner.tools.playbook;
  const [operator, playbook] = [
    await sandbox.connect('operator'),
    await sandbox.connect('playbook'),
  ];
  const saved = await operator.call('PUT', `/callers/${clientId}`, JSON.parse(json));
  const incidents = '/tenants/fabrikam.example/apis/graph/v1.0/security/incidents';
  const answers = [
    await playbook.call('GET', `${incidents}?$top=1`),
    await playbook.call('PATCH', `${incidents}/1`, { status: 'resolved' }),
    await playbook.call('POST', '/tenants/fabrikam.example/token', { resource: 'graph' }),
  ];
  expect([saved, ...answers].map(({ status }) => status)).toEqual([200, 200, 403, 403]);
});

test('every recipe is followed here', async () => {
  const pages = await readdir(join(APP_ROOT, 'docs/recipes'));
  const followed = pages.filter((page) => PARTS[`docs/recipes/${page}`]);
  expect(followed.toSorted()).toEqual(pages.filter((page) => page !== 'README.md').toSorted());
});
