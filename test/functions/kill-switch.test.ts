import { expect, test } from 'vitest';
import { injectFault } from '../../local/entra/faults.ts';
import { expectWithin } from '../support/expect-within.ts';
import { findPlaces, readStorage } from '../support/storage-scan.ts';
import { startOtherProcess } from './other-process.ts';
import { startEnvironment } from './set-up.ts';

const { sandbox, operator, onboard, customer } = await startEnvironment();
const { tools } = sandbox.partner;

const other = await startOtherProcess(sandbox.settings);

async function askOther(
  tenantId: string,
  tool: 'operator' | 'playbook',
  resource = 'defender-xdr',
) {
  const token = await (await fetch(`${sandbox.microsoft.url}/sandbox/token/${tool}`)).text();
  const response = await fetch(`${other}/api/tenants/${tenantId}/token`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
    body: new URLSearchParams({ resource }),
  });
  return response.status;
}

test('an operator disables a tenant: another process refuses it within five seconds', async () => {
  const { tenantId } = (await onboard('Contoso')).tenant;
  expect(await askOther(tenantId, 'playbook')).toBe(200);
  const { body } = await operator.call('PATCH', `/tenants/${tenantId}`, { status: 'disabled' });
  expect(body.live_tokens).toEqual([
    {
      caller: tools.playbook.clientId,
      caller_name: 'playbook',
      tenant_id: tenantId,
      tenant_name: expect.any(String),
      resource: 'defender-xdr',
      expires_at: expect.any(String),
      token_hash: expect.stringMatching(/^[\w-]{43}$/),
    },
  ]);
  await expectWithin(5000, () => askOther(tenantId, 'playbook'), 409);
});

test('a tenant that is offboarded in one process is refused in another, and nothing of it comes back', async () => {
  const { tenantId } = (await onboard('Litware')).tenant;
  expect(await askOther(tenantId, 'playbook')).toBe(200);
  expect((await operator.call('DELETE', `/tenants/${tenantId}`)).status).toBe(200);
  await expectWithin(5000, () => askOther(tenantId, 'playbook'), 403);
  const held = await readStorage(sandbox.settings.AzureWebJobsStorage ?? '');
  expect(findPlaces(held, tenantId)).toEqual(['table tenants']);
});

test('a caller has no grant for the tenant and API: refused in another process within five seconds', async () => {
  const { tenantId } = (await onboard('Fabrikam')).tenant;
  expect(await askOther(tenantId, 'playbook')).toBe(200);
  const { status, body } = await operator.call('DELETE', `/callers/${tools.playbook.clientId}`);
  expect([status, body.live_tokens.length > 0]).toEqual([200, true]);
  await expectWithin(5000, () => askOther(tenantId, 'playbook'), 403);
  expect(await askOther(tenantId, 'operator')).toBe(200);
});

test('a tenant is disabled, or a caller loses its grants: who holds live tokens, until when', async () => {
  const { tenantId } = (await onboard('Wingtip')).tenant;
  const { clientId } = tools.playbook;
  const everything = { id: 'all', effect: 'allow', tenants: ['*'], resources: ['*'] };
  await operator.call('PUT', `/callers/${clientId}`, { rules: [everything] });
  const playbook = await sandbox.connect('playbook');
  const { body: token } = await playbook.call('POST', `/tenants/${tenantId}/token`);
  const live = {
    caller: clientId,
    tenant_id: tenantId,
    resource: 'defender-xdr',
    // Whole seconds in the answer, as OAuth has them.
    expires_at: expect.stringMatching(new Date(token.expires_at * 1000).toISOString().slice(0, 19)),
    token_hash: expect.stringMatching(/^[\w-]{43}$/),
  };
  const lost = await operator.call('DELETE', `/callers/${clientId}`);
  expect(lost.body.live_tokens).toContainEqual(expect.objectContaining(live));
  const disabled = await operator.call('PATCH', `/tenants/${tenantId}`, { status: 'disabled' });
  expect(disabled.body.live_tokens).toEqual([expect.objectContaining(live)]);
});

test('a list of live tokens is final when it says so: what another process was getting does not leave', async () => {
  const { tenantId } = customer('Fabrikam').tenant;
  const { clientId } = tools.playbook;
  const everything = { id: 'all', effect: 'allow', tenants: ['*'], resources: ['*'] };
  await operator.call('PUT', `/callers/${clientId}`, { rules: [everything] });
  await expectWithin(5000, () => askOther(tenantId, 'playbook'), 200);
  injectFault(sandbox.partner.directory, { kind: 'slow', ms: 8000, times: 1 });
  const slow = askOther(tenantId, 'playbook', 'graph');
  expect(await askOther(tenantId, 'playbook')).toBe(200);
  const { body } = await operator.call('PUT', `/callers/${clientId}`, { blocked: true });
  const [asOf, finalAt] = [body.live_tokens_as_of, body.live_tokens_final_at].map(Date.parse);
  expect((finalAt ?? 0) - (asOf ?? 0)).toBe(5000);
  expect(await slow).toBe(403);
  expect(Date.now()).toBeGreaterThan(finalAt ?? 0);
  await operator.call('PUT', `/callers/${clientId}`, { blocked: false });
});
