import { expect, test } from 'vitest';
import { createRunSync } from '../../../../shared/incidents/sync/sync-run.ts';
import { createTenant } from '../../../../shared/tenants/tenant.ts';
import { createClock, MINUTE } from '../../../support/clock.ts';
import { createRecordedLog } from '../../../support/log.ts';
import { setUpApi, tenantOf } from '../api-set-up.ts';

function setUp() {
  const { tenants, syncStates, tenantsOnFile, setStatus, states } = setUpApi();
  const clock = createClock();
  const sent: string[] = [];
  const failing = new Set<string>();
  const log = createRecordedLog();
  const run = createRunSync({
    tenants: { ...tenants, insert: refuse, replace: refuse, remove: refuse, countFailing: refuse },
    states: { ...syncStates, insert: refuse, replace: refuse, remove: refuse },
    enqueue: (tenantId) => {
      if (failing.has(tenantId)) return Promise.reject(new Error('The queue is away.'));
      return Promise.resolve(void sent.push(tenantId));
    },
    intervalMs: 5 * MINUTE,
    log,
    now: clock.now,
  });
  return { run, sent, failing, clock, log, setStatus, states, tenantsOnFile };
}

function refuse(): Promise<never> {
  return Promise.reject(new Error('The timer writes nothing.'));
}

test('each tenant that is due gets a message, but none that is disabled', async () => {
  const { run, sent, setStatus, states } = setUp();
  setStatus(2, 'disabled');
  states.delete(tenantOf(3));
  await run();
  expect(sent).toEqual([tenantOf(1), tenantOf(3)]);
});

test('a message that could not be sent is sent by the next run', async () => {
  const { run, sent, failing, clock } = setUp();
  failing.add(tenantOf(2));
  await expect(run()).rejects.toThrow('The queue is away.');
  failing.clear();
  sent.length = 0;
  clock.pass(MINUTE);
  await run();
  expect(sent).toContain(tenantOf(2));
});

test('a tenant that consented since the last run is read at once', async () => {
  const { run, sent, clock, tenantsOnFile } = setUp();
  await run();
  sent.length = 0;
  clock.pass(MINUTE);
  tenantsOnFile.push({ ...createTenant(tenantOf(4), clock.now()), status: 'active' });
  clock.pass(1000);
  await run();
  expect(sent).toEqual([tenantOf(4)]);
});
