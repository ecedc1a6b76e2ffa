import { expect, test } from 'vitest';
import { findHuntsJson } from '../../../functions/overview/overview-hunts.ts';
import type { Caller } from '../../../shared/callers/caller.ts';
import { BrokerError } from '../../../shared/errors.ts';
import { startHunting } from './set-up.ts';

const { operator, sandbox, start, tenantIds } = await startHunting('Contoso', 'Fabrikam');
const UNKNOWN = '0e6f2f6c-7f66-4b7a-9f0b-0a3a6d3f7a10';
const QUERY = 'DeviceInfo | project DeviceName';
const getHunts = async () => (await operator.call('GET', '/overview')).body.hunts;

test('the overview shows hunts that run, then those that left customers out', async () => {
  const left = await start({ query: QUERY, tenants: [...tenantIds, UNKNOWN], name: 'Left out' });
  const whole = await start({ query: QUERY, tenants: tenantIds, name: 'Whole' });
  const running = await getHunts();
  expect(running.unreadable).toBe(false);
  expect(running.value.map(({ hunt_id }: { hunt_id: string }) => hunt_id)).toEqual([whole, left]);
  await sandbox.host.drainQueues();
  expect((await getHunts()).value).toEqual([
    expect.objectContaining({
      hunt_id: left,
      name: 'Left out',
      status: 'incomplete',
      not_covered: 1,
      stalled: false,
    }),
  ]);
});

const caller = { id: UNKNOWN, roles: ['Hunting.Run'] } as unknown as Caller;
const details = { owner: 'partner', remedy: 'Wait.' } as const;
const refuse = () =>
  Promise.reject(new BrokerError('temporarily_unavailable', 'Storage is down.', details));

test('hunts that can not be read are said so, and the rest of the overview stays', async () => {
  const hunts = await findHuntsJson(caller, { loadHunting: refuse });
  expect(hunts).toEqual({ unreadable: true, value: [] });
});

test('who may not hunt is shown no hunts, and loads no code of hunting', async () => {
  const reader = { ...caller, roles: ['Tenants.Read'] } as Caller;
  expect(await findHuntsJson(reader, { loadHunting: refuse })).toBeUndefined();
});
