import { expect, test } from 'vitest';
import { createGetRetentionMs } from '../../../shared/retention/retention.ts';

const DAY_MS = 24 * 60 * 60_000;

const getRetentionMs = createGetRetentionMs({
  incidentRetentionDays: 180,
  auditRetentionDays: 400,
  hunting: { retentionDays: 7 },
});

test.each([
  ['incidents', 180],
  ['changes', 30],
  ['notifications', 30],
  ['audit', 400],
  ['hunts', 7],
] as const)('%s are kept %i days', (kind, days) => {
  expect(getRetentionMs(kind)).toBe(days * DAY_MS);
  expect(getRetentionMs(kind, { incidentRetentionDays: undefined })).toBe(days * DAY_MS);
});

test('what an operator set for a tenant comes before the setting of the app', () => {
  const tenant = { incidentRetentionDays: 90 };
  expect(getRetentionMs('incidents', tenant)).toBe(90 * DAY_MS);
  expect(getRetentionMs('audit', tenant)).toBe(400 * DAY_MS);
});
