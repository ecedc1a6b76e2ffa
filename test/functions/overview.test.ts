import { expect, test } from 'vitest';
import { revokeConsent } from '../../local/entra/directory/grants.ts';
import { injectFault } from '../../local/entra/faults.ts';
import { startEnvironment } from './set-up.ts';

const { operator, playbook, sandbox, onboard, customer } = await startEnvironment();
for (const name of ['Contoso', 'Fabrikam', 'Wingtip']) await onboard(name);
const idOf = (name: string) => customer(name).tenant.tenantId;
const { clientId } = sandbox.partner.client;
revokeConsent(sandbox.partner.directory, { tenantId: idOf('Fabrikam'), clientId });
await operator.call('POST', `/tenants/${idOf('Fabrikam')}/verify`);
await operator.call('PATCH', `/tenants/${idOf('Contoso')}`, { display_name: 'Contoso Ltd' });
injectFault(sandbox.partner.directory, {
  kind: 'throttle',
  retryAfterSeconds: 60,
  tenantId: idOf('Wingtip'),
});

test('what needs somebody is named with its owner, its remedy and since when', async () => {
  const { status, body } = await operator.call('GET', '/overview');
  expect(status).toBe(200);
  const consent = body.needs.find(({ cause }: { cause: string }) => cause === 'consent_missing');
  expect(consent).toEqual({
    cause: 'consent_missing',
    owner: 'customer',
    description: "The tenant's admin has not consented to the app, or has removed it.",
    remedy: expect.any(String),
    action: 'send_consent_link',
    count: 1,
    tenants: [
      expect.objectContaining({
        tenant_id: idOf('Fabrikam'),
        since: expect.any(String),
      }),
    ],
  });
});

test('it counts tenants by status and says how the broker is', async () => {
  const { body } = await operator.call('GET', '/overview');
  const total = Object.values<number>(body.tenants).reduce((sum, count) => sum + count, 0);
  expect(total).toBe(3);
  expect(body.tenants.offboarded).toBe(0);
  expect(body.health.checks.key_vault.status).toBe('up');
  expect(body.version).toMatch(/^\d+\.\d+\.\d+$/);
});

test('it takes the role that lists tenants', async () => {
  expect((await playbook.call('GET', '/overview')).status).toBe(403);
});

test('the list finds tenants by a part of the name or id, in pages', async () => {
  const ids = async (query: string) => {
    const { body } = await operator.call('GET', `/tenants?${query}`);
    return body.value.map(({ tenant_id }: { tenant_id: string }) => tenant_id);
  };
  await expect.poll(() => ids('q=TOSO%20l')).toEqual([idOf('Contoso')]);
  expect(await ids(`q=${idOf('Fabrikam').slice(3, 20)}`)).toEqual([idOf('Fabrikam')]);
  expect(await ids('q=nobody')).toEqual([]);
  expect(await ids('q=toso&status=disabled')).toEqual([]);
  const { body } = await operator.call('GET', '/tenants?q=-&limit=2');
  const rest = await ids(`q=-&limit=2&cursor=${body.next_cursor}`);
  expect([body.value.length, rest.length]).toEqual([2, 1]);
});

test('each tenant in the list says how old its incidents are', async () => {
  const { body } = await operator.call('GET', '/tenants');
  expect(body.value.map(({ data }: { data: unknown }) => data)).toEqual([
    { late: true, skipped: 0 },
    { late: true, skipped: 0 },
    { late: true, skipped: 0 },
  ]);
});
