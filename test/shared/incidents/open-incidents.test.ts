import { expect, test, vi } from 'vitest';
import type { OrderQuery } from '../../../shared/incidents/incident-order.ts';
import { toInstant } from '../../../shared/incidents/instant.ts';
import { createCountOpenIncidents } from '../../../shared/incidents/open-incidents.ts';
import { createTenant } from '../../../shared/tenants/tenant.ts';
import { createClock, MINUTE } from '../../support/clock.ts';
import { OTHER_TENANT, TENANT } from '../../support/tokens.ts';

const TENANTS = [createTenant(TENANT, 0), createTenant(OTHER_TENANT, 0)];
const READER = { id: 'me', kind: 'user', roles: ['Tenants.Read', 'Incidents.Read'] } as const;

/** Open incidents of one tenant, the newest first; the other's may not be read. */
function setUp(severities: readonly string[], idOf = (place: number) => String(place)) {
  const clock = createClock();
  const all = severities.map((severity, place) => ({
    tenantId: TENANT,
    incidentId: idOf(place),
    lastUpdateAt: toInstant(0),
    severity,
    position: String(place).padStart(6, '0'),
  }));
  const list = vi.fn(({ after = '', limit }: OrderQuery) => {
    const entries = all.filter(({ position }) => position > after).slice(0, limit);
    const next = entries.length < limit ? undefined : entries.at(-1)?.position;
    return Promise.resolve({ entries, next });
  });
  const mayRead = (_: unknown, { tenantId }: { tenantId: string }) =>
    Promise.resolve(tenantId === TENANT);
  const count = createCountOpenIncidents({ order: { list }, access: { mayRead }, now: clock.now });
  return { clock, list, count };
}

test('open incidents are counted by severity, where the caller may read them', async () => {
  const { count, list } = setUp(['high', 'low', 'high']);
  const open = { bySeverity: { high: 2, low: 1 }, isMore: false };
  expect(await count(READER, TENANTS)).toEqual(new Map([[TENANT, open]]));
  expect(list.mock.calls.map(([{ tenantId, statuses }]) => [tenantId, statuses])).toEqual([
    [TENANT, ['active', 'inProgress', 'awaitingAction']],
  ]);
});

test('who lacks the role sees no count, and nothing is read', async () => {
  const { count, list } = setUp(['high']);
  expect(await count({ ...READER, roles: ['Tenants.Manage'] }, TENANTS)).toEqual(new Map());
  expect(list).not.toHaveBeenCalled();
});

test('an incident that stands twice counts once, as its newer version', async () => {
  const { count } = setUp(['high', 'low'], () => '7');
  expect((await count(READER, TENANTS)).get(TENANT)?.bySeverity).toEqual({ high: 1 });
});

test('a count of thousands says that there are more', async () => {
  const { count, list } = setUp(Array.from({ length: 6000 }, () => 'low'));
  const open = (await count(READER, TENANTS)).get(TENANT);
  expect(open).toEqual({ bySeverity: { low: 5000 }, isMore: true });
  expect(list).toHaveBeenCalledTimes(5);
});

test('who looks again within half a minute costs nothing', async () => {
  const { count, list, clock } = setUp(['high']);
  await count(READER, TENANTS);
  await count(READER, TENANTS);
  expect(list).toHaveBeenCalledTimes(1);
  clock.pass(MINUTE);
  await count(READER, TENANTS);
  expect(list).toHaveBeenCalledTimes(2);
});
