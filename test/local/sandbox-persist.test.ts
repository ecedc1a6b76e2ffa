import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { injectFault } from '../../local/entra/faults.ts';
import { onboard } from '../../local/sandbox/onboard-customers.ts';
import { findFreePort, startSandbox } from '../../local/sandbox/sandbox.ts';

async function setUp() {
  const folder = await mkdtemp(join(tmpdir(), 'persist-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const ports = { port: await findFreePort(), microsoftPort: await findFreePort() };
  const start = (options: { customerCount?: number } = {}) =>
    startSandbox({ lively: false, persist: folder, ...ports, ...options });
  return { folder, start };
}

test('consents, keys, directory, incidents and faults are there at the next start', async () => {
  const { folder, start } = await setUp();
  const first = await start();
  const [contoso, fabrikam] = first.customers;
  const operator = await first.connect('operator');
  const path = `/tenants/${contoso?.tenant.tenantId}/token`;
  if (!contoso || !fabrikam) throw new Error('There are no customers.');
  await onboard(operator, contoso);
  const before = await operator.call('POST', path);
  first.microsoft.incidents.createIncident(contoso.tenant.tenantId);
  injectFault(first.partner.directory, { kind: 'throttle', tenantId: fabrikam.tenant.tenantId });
  const { tools } = first.partner;
  const incidents = first.microsoft.incidents.listIncidents(contoso.tenant.tenantId);
  await first.stop();

  const second = await start({ customerCount: 8 });
  onTestFinished(second.stop);
  const again = await second.connect('operator');
  const after = await again.call('POST', path);

  expect([before.status, after.status]).toEqual([200, 200]);
  // The same token, so storage, the key of its seal and Entra's signing key are the same.
  expect(after.body.access_token).toBe(before.body.access_token);
  expect(second.partner.tools).toEqual(tools);
  expect(second.microsoft.incidents.listIncidents(contoso.tenant.tenantId)).toEqual(incidents);
  expect([...second.partner.directory.faults].map(({ fault }) => fault.kind)).toEqual(['throttle']);
  expect([second.isRestored, second.customers.length]).toEqual([true, 8]);
  expect((await stat(join(folder, 'microsoft.json'))).mode & 0o777).toBe(0o600);
});

test('what was damaged is named, with what to do', async () => {
  const { folder, start } = await setUp();
  await writeFile(join(folder, 'microsoft.json'), '{"version":0}');

  await expect(start()).rejects.toThrow(`damaged: delete the folder ${folder} to begin anew.`);
  expect(await readFile(join(folder, 'microsoft.json'), 'utf8')).toBe('{"version":0}');
});
