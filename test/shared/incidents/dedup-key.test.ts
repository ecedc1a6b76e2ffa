import { expect, test } from 'vitest';
import { toDedupKey } from '../../../shared/incidents/dedup-key.ts';
import { shorten } from '../../../shared/incidents/shorten.ts';
import { at, makeIncident } from '../../support/incidents.ts';

const ONE = makeIncident();

test('it is the same whichever API the incident was read from, and whichever of its views', () => {
  const long = makeIncident({ name: 'x'.repeat(5000), tags: Array(80).fill('tag') });
  expect(toDedupKey({ ...ONE, source: 'graph', alertCount: undefined })).toBe(toDedupKey(ONE));
  expect(toDedupKey(shorten(long))).toBe(toDedupKey(long));
  expect(toDedupKey(ONE)).toMatch(/^[\w-]{22}$/);
});

test.each([
  { tenantId: '00000000-0000-4000-8000-000000000000' },
  { incidentId: '1' },
  { lastUpdateAt: at('2026-11-21T08:00:00.7654322Z') },
  { severity: 'low' },
  { assignedTo: 'ann@x.example' },
  { tags: [] },
  { comments: [] },
])('it is another one with another %j', (change) => {
  expect(toDedupKey({ ...ONE, ...change })).not.toBe(toDedupKey(ONE));
});
