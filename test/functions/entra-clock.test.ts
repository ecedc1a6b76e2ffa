import { afterAll, expect, test } from 'vitest';
import { injectFault } from '../../local/entra/faults.ts';
import { startFunctionsHost } from '../../local/host/functions-host.ts';
import { getCallerToken, toAddress } from '../../local/sandbox/client.ts';
import { APP_ROOT } from '../../local/sandbox/sandbox.ts';
import { HOUR } from '../support/clock.ts';
import { startOwn } from './own-environment.ts';

const { sandbox } = await startOwn();
const { entra } = sandbox.microsoft;

test('a new process has the time of Entra before it is asked anything', async () => {
  const { partner, settings, host: first } = sandbox;
  const token = await getCallerToken(
    toAddress(settings.ENTRA_AUTHORITY ?? '', partner, 'operator'),
  );
  await first.stop();
  injectFault(partner.directory, { kind: 'clock-skew', ms: 2 * HOUR, endpoint: 'any' });
  entra.resetRequests();
  const host = await startFunctionsHost({ appRoot: APP_ROOT, settings, timers: false });
  afterAll(host.stop);
  await expect.poll(() => entra.requests.length).toBe(2);
  const headers = { authorization: `Bearer ${token}` };
  const { status } = await fetch(`${host.url}/api/tenants`, { headers });
  expect(status).toBe(401);
});
