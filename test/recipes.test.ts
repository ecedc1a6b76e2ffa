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
  const { stdout } = await promisify(execFile)('bash', ['-euc', script]);
  expect(parts.filter((part) => !stdout.includes(part))).toEqual([]);
  expect(stdout).not.toContain('"error"');
});

test('every recipe is followed here', async () => {
  const pages = await readdir(join(APP_ROOT, 'docs/recipes'));
  const followed = pages.filter((page) => PARTS[`docs/recipes/${page}`]);
  expect(followed.toSorted()).toEqual(pages.filter((page) => page !== 'README.md').toSorted());
});
