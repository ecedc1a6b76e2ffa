import { expect, test, vi } from 'vitest';
import { SLOT_SIZES } from '../../functions/compose/slot-sizes.ts';
import { SECOND } from '../../local/drill/environment.ts';
import { countRuns, startTwoHosts } from './two-hosts.ts';

const { one, other, addCustomer, listSkips, sendSync, slowDown } = await startTwoHosts();
other.pause();

test('customers whose API hangs leave their slots: another one is read meanwhile', async () => {
  const names = Array.from({ length: SLOT_SIZES.sync.slots }, (_, index) => `Slow ${index}`);
  const slow = await Promise.all(names.map((name) => addCustomer(name, 1)));
  const well = await addCustomer('Well', 1);
  for (const tenantId of slow) slowDown(tenantId, 20 * SECOND);
  await Promise.all(slow.map(sendSync));
  const drained = one.drain();
  await vi.waitUntil(() => slow.every((id) => listSkips(id).length === 1), { timeout: 10_000 });
  await sendSync(well);
  await vi.waitUntil(() => listSkips(well).length === 1, { timeout: 10_000 });
  expect(countRuns(one)).toBe(0);
  await drained;
  expect(countRuns(one)).toBe(slow.length + 1);
});
