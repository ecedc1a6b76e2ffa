import { fork } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { APP_ROOT } from '../../local/sandbox/sandbox.ts';
import { findPlaces, readStorage } from '../support/storage-scan.ts';
import { startWorld } from './set-up.ts';

const { sandbox, operator, onboard } = await startWorld();
const { tools } = sandbox.partner;

/** The same app in another process, on the same storage. */
async function startOther(): Promise<string> {
  const child = fork(join(APP_ROOT, 'local/host/cli.ts'), ['--app', APP_ROOT, '--port', '0'], {
    env: { ...process.env, ...sandbox.settings },
    silent: true,
  });
  afterAll(() => void child.kill());
  return await new Promise((resolve, reject) => {
    child.once('message', (message: { url: string }) => resolve(message.url));
    child.once('exit', (code) => reject(new Error(`The other process ended with ${code}.`)));
  });
}

const other = await startOther();

async function askOther(tenantId: string, tool: 'operator' | 'playbook') {
  const token = await (await fetch(`${sandbox.microsoft.url}/sandbox/token/${tool}`)).text();
  const response = await fetch(`${other}/api/tenants/${tenantId}/token`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
  });
  return response.status;
}

test('a tenant that is disabled in one process is refused in another within five seconds', async () => {
  const { tenantId } = (await onboard('Contoso')).tenant;
  expect(await askOther(tenantId, 'playbook')).toBe(200);
  const { body } = await operator.call('PATCH', `/tenants/${tenantId}`, { status: 'disabled' });
  expect(body.live_tokens).toEqual([
    {
      caller: tools.playbook.clientId,
      tenant_id: tenantId,
      resource: 'defender-xdr',
      expires_at: expect.any(String),
      token_hash: expect.stringMatching(/^[\w-]{43}$/),
    },
  ]);
  await expect
    .poll(() => askOther(tenantId, 'playbook'), { timeout: 5000, interval: 100 })
    .toBe(409);
});

test('a tenant that is offboarded in one process is refused in another, and nothing of it comes back', async () => {
  const { tenantId } = (await onboard('Litware')).tenant;
  expect(await askOther(tenantId, 'playbook')).toBe(200);
  expect((await operator.call('DELETE', `/tenants/${tenantId}`)).status).toBe(200);
  await expect
    .poll(() => askOther(tenantId, 'playbook'), { timeout: 5000, interval: 100 })
    .toBe(403);
  const held = await readStorage(sandbox.settings.AzureWebJobsStorage ?? '');
  expect(findPlaces(held, tenantId)).toEqual(['table tenants']);
});

test('a caller that loses its grants in one process is refused in another within five seconds', async () => {
  const { tenantId } = (await onboard('Fabrikam')).tenant;
  expect(await askOther(tenantId, 'playbook')).toBe(200);
  const { status, body } = await operator.call('DELETE', `/callers/${tools.playbook.clientId}`);
  expect([status, body.live_tokens.length > 0]).toEqual([200, true]);
  await expect
    .poll(() => askOther(tenantId, 'playbook'), { timeout: 5000, interval: 100 })
    .toBe(403);
  expect(await askOther(tenantId, 'operator')).toBe(200);
});
