import { expect, test } from 'vitest';
import { createIncidentSweep } from '../../../shared/incidents/sweep-incidents.ts';
import { createClock } from '../../support/clock.ts';
import { createRecordedLog } from '../../support/log.ts';

const DAY = 24 * 60 * 60_000;

/** A store that has so many incidents left to remove. */
function setUp(left: number) {
  const asked: unknown[] = [];
  const log = createRecordedLog();
  const { now } = createClock();
  let incidents = left;
  const sweep = createIncidentSweep({
    incidents: {
      removeBefore: (instant, limit) => {
        asked.push(['incidents', instant]);
        const removed = Math.min(incidents, limit);
        incidents -= removed;
        return Promise.resolve(removed);
      },
      removeOrphans: (time) => Promise.resolve(asked.push(['orphans', time])),
    },
    changeFeed: {
      removeBefore: (time) => {
        asked.push(['changes', new Date(time).toISOString()]);
        return Promise.resolve(1);
      },
    },
    retentionMs: 180 * DAY,
    log,
    now,
  });
  return { sweep, asked, log, now };
}

test('an incident is without an update for `INCIDENT_RETENTION_DAYS` (180): it goes, changes after 30 days, then orphans', async () => {
  const { sweep, asked, log, now } = setUp(2);
  await sweep();
  expect(asked).toEqual([
    ['changes', '2026-10-22T09:00:00.000Z'],
    ['incidents', '2026-05-25T09:00:00.0000000Z'],
    ['orphans', now()],
  ]);
  const removed = { changes_removed: 1, incidents_removed: 2, orphans_removed: 3 };
  expect(log.lines).toMatchObject([{ event: 'sweep.incidents', fields: removed }]);
});

test('one run removes batch after batch, but not for ever', async () => {
  const { sweep, log } = setUp(1_000_000);
  await sweep();
  expect(log.lines).toMatchObject([{ fields: { incidents_removed: 100_000 } }]);
});
