import { expect, test } from 'vitest';
import { toTenantId } from '../run/customer-data.ts';
import { createHuntEnvironment, toInput } from '../run/hunt-environment.ts';

const CUSTOMER = { times: [0.5], most: 10, countsFit: true };

function setUp() {
  const environment = createHuntEnvironment([CUSTOMER]);
  return { ...environment, input: { ...toInput('T'), tenants: [toTenantId(0)] } };
}

test('a hunt that can not be recorded is not made: nobody is asked', async () => {
  const { createHunt, input, hunts, queue } = setUp();
  const record = () => Promise.reject(new Error('The ledger does not answer.'));
  await expect(createHunt({ ...input, record })).rejects.toThrow('The ledger does not answer.');
  expect([queue, await hunts.listActive()]).toEqual([[], []]);
});

test('a hunt is recorded with whom it is about, before it can run', async () => {
  const { createHunt, input, queue } = setUp();
  const recorded: unknown[] = [];
  const { hunt } = await createHunt({
    ...input,
    record: async ({ id }, tenantIds) => void recorded.push({ id, tenantIds, sent: queue.length }),
  });
  expect(recorded).toEqual([{ id: hunt.id, tenantIds: [toTenantId(0)], sent: 0 }]);
});
