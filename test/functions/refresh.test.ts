import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { revokeConsent } from '../../local/entra/directory/grants.ts';
import { getTenant } from '../../local/entra/directory.ts';
import { injectFault } from '../../local/entra/faults.ts';
import { startEnvironment } from './set-up.ts';

const { sandbox, operator, logs, customer, onboard, send } = await startEnvironment();
const { directory, client } = sandbox.partner;
const { entra } = sandbox.microsoft;

/** Onboards a customer whose tokens end, and are due, within two seconds. */
async function onboardShort(name: string): Promise<string> {
  const tenantId = customer(name).tenant.tenantId;
  getTenant(directory, tenantId).accessTokenLifetimeSeconds = 2;
  await onboard(name);
  return tenantId;
}

async function runTimer() {
  await sandbox.host.runFunction('refreshTokens');
  await sandbox.host.drainQueues();
}

function summariesOf(event: string): Record<string, unknown>[] {
  return logs
    .filter(({ message }) => message.startsWith(`{"event":"${event}"`))
    .map(({ message }) => JSON.parse(message));
}

test('a run refreshes what is due, once, and says so in one line', async () => {
  const [contoso, fabrikam] = [await onboardShort('Contoso'), await onboardShort('Fabrikam')];
  await sleep(2000);
  entra.resetRequests();
  await runTimer();
  expect(entra.requests.map(({ tenant }) => tenant).toSorted()).toEqual(
    [contoso, fabrikam].toSorted(),
  );
  expect(summariesOf('refresh.run').at(-1)).toMatchObject({ tenants: 2, due: 2, batches: 1 });
  expect(summariesOf('refresh.batch').at(-1)).toMatchObject({ keys: 2, refreshed: 2, failed: 0 });
  await runTimer();
  expect(summariesOf('metrics').at(-1)?.series).toContainEqual({
    name: 'tokens.refreshed',
    value: 2,
    outcome: 'entra',
  });
});

test('a message that comes twice, late or for a tenant that left does nothing', async () => {
  const { tenantId } = (await onboard('Adatum')).tenant;
  await operator.call('PATCH', `/tenants/${tenantId}`, { status: 'disabled' });
  entra.resetRequests();
  const keys = [{ tenantId, resource: 'defender-xdr' }];
  await send('token-refresh', { keys });
  await send('token-refresh', { keys });
  await send('consent-verification', { tenantId });
  await sandbox.host.drainQueues();
  expect(entra.requests).toEqual([]);
  expect((await operator.call('GET', `/tenants/${tenantId}`)).body.status).toBe('disabled');
});

test('a withdrawn consent is noted by the first run that meets it', async () => {
  const { tenantId } = (await onboard('Wingtip')).tenant;
  revokeConsent(directory, { tenantId, clientId: client.clientId });
  await send('token-refresh', { keys: [{ tenantId, resource: 'graph' }] });
  await sandbox.host.drainQueues();
  expect((await operator.call('GET', `/tenants/${tenantId}`)).body).toMatchObject({
    status: 'active',
    last_error: { cause: 'consent_missing', owner: 'customer' },
  });
});

test('a tenant that fails does not hold up the others of its batch', async () => {
  const { tenantId } = (await onboard('Litware')).tenant;
  injectFault(directory, { kind: 'throttle', tenantId });
  const healthy = customer('Contoso').tenant.tenantId;
  await send('token-refresh', {
    keys: [
      { tenantId, resource: 'graph' },
      { tenantId: healthy, resource: 'graph' },
    ],
  });
  await sandbox.host.drainQueues();
  expect(summariesOf('refresh.batch').at(-1)).toMatchObject({ keys: 2, refreshed: 1, failed: 1 });
});
