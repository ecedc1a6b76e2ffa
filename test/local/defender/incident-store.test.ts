import { expect, test } from 'vitest';
import { createIncidentStore } from '../../../local/defender/incident-store.ts';
import { toTicks, toTimestamp } from '../../../local/defender/timestamp.ts';
import { CONTOSO, FABRIKAM, NOW } from './set-up.ts';

function setUp() {
  return createIncidentStore({ now: () => NOW });
}

const BURST = { count: 60, from: NOW - 59_000, to: NOW };

test('the same tenant gets the same incidents in every run, another one gets others', () => {
  const [one, again] = [setUp(), setUp()].map((store) => store.createBurst(CONTOSO, BURST));
  const other = setUp().createBurst(FABRIKAM, BURST);

  expect(again).toEqual(one);
  expect(other).not.toEqual(one);
});

test('made-up incidents differ in status, severity, source and precision of time', () => {
  const incidents = setUp().createBurst(CONTOSO, BURST);

  const alerts = incidents.flatMap((incident) => incident.alerts);
  const fractions = incidents.map(({ lastUpdateTime }) => lastUpdateTime.length);
  expect(new Set(incidents.map(({ status }) => status))).toEqual(
    new Set(['Active', 'InProgress', 'Resolved']),
  );
  expect(new Set(incidents.map(({ severity }) => severity)).size).toBe(4);
  expect(new Set(alerts.map(({ serviceSource }) => serviceSource)).size).toBe(3);
  expect(new Set(alerts.map(({ alertId }) => alertId)).size).toBe(alerts.length);
  expect(fractions).toContain('2026-11-20T10:00:00Z'.length);
  expect(fractions).toContain('2026-11-20T10:00:00.0001234Z'.length);
  expect(alerts.every(({ devices, entities }) => devices.length > 0 && entities.length > 1)).toBe(
    true,
  );
});

test('a burst is spread evenly and was created before it was last updated', () => {
  const incidents = setUp().createBurst(CONTOSO, BURST);

  const toMilliseconds = (text: string) => Number((toTicks(text) ?? 0n) / 10_000n);
  expect(incidents.map(({ lastUpdateTime }) => toMilliseconds(lastUpdateTime))).toEqual(
    Array.from({ length: 60 }, (_, index) => NOW - 59_000 + index * 1000),
  );
  expect(
    incidents.every((one) => toMilliseconds(one.createdTime) < toMilliseconds(one.lastUpdateTime)),
  ).toBe(true);
});

test('a merged incident redirects to the one that takes over its alerts', () => {
  const store = setUp();
  const [source, target] = store.createBurst(CONTOSO, { count: 2, from: NOW, to: NOW });

  const merged = store.mergeIncident({ tenantId: CONTOSO, incidentId: 1001 }, 1002);

  const alerts = source?.alerts.map((alert) => ({ ...alert, incidentId: 1002 })) ?? [];
  expect(merged).toMatchObject({ status: 'Redirected', redirectIncidentId: 1002, alerts: [] });
  expect(store.findIncident({ tenantId: CONTOSO, incidentId: 1002 })?.alerts).toEqual([
    ...(target?.alerts ?? []),
    ...alerts,
  ]);
});

test('an incident of another tenant can be neither changed nor found', () => {
  const store = setUp();
  store.createIncident(CONTOSO);
  const key = { tenantId: FABRIKAM, incidentId: 1001 };

  expect(store.findIncident(key)).toBeUndefined();
  expect(() => store.updateIncident(key, { status: 'Resolved' })).toThrow(/has no incident 1001/);
  expect(store.listTenants()).toEqual([CONTOSO]);
});

test.each([
  { text: toTimestamp(NOW), wanted: '2026-11-20T10:00:00Z' },
  { text: toTimestamp(NOW + 290), wanted: '2026-11-20T10:00:00.29Z' },
  { text: toTimestamp(NOW + 73, 3333), wanted: '2026-11-20T10:00:00.0733333Z' },
])('$wanted is written without trailing zeros', ({ text, wanted }) => {
  expect(text).toBe(wanted);
});
