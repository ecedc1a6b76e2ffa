import { expect, test } from 'vitest';
import { createChangeFeedTable } from '../../../shared/azure/feed/change-feed-table.ts';
import { createIncidentTable } from '../../../shared/azure/incidents/incident-table.ts';
import type { ChangeFeed } from '../../../shared/incidents/feed/change-feed.ts';
import { createIncidentWriter } from '../../../shared/incidents/incident-writer.ts';
import { toInstant } from '../../../shared/incidents/instant.ts';
import { refuseLateIncidents } from '../../../shared/offboarding/late-writes.ts';
import { createClock } from '../../support/clock.ts';
import { createRecordedLog } from '../../support/log.ts';
import { openNewContainer, openNewTable } from '../../support/storage.ts';
import { TENANT } from '../../support/tokens.ts';
import { fetched } from '../incidents/set-up.ts';
import { interleave, MOMENTS } from './set-up.ts';

const READ = [fetched(1, toInstant(0))];

/** The store, and a sync that writes to it; `offboard` purges it, as an offboarding does. */
function setUp() {
  const { now } = createClock();
  const log = createRecordedLog();
  const tables = { incidents: openNewTable('incidents'), feed: openNewTable('feed') };
  const blobs = openNewContainer('incidents');
  const incidents = createIncidentTable({ open: tables.incidents, blobs }, log);
  const changeFeed = createChangeFeedTable(tables.feed, log);
  let tombstone: string | undefined;
  const offboard = async () => {
    tombstone = 'some';
    await incidents.removeTenant(TENANT);
    await changeFeed.removeTenant(TENANT);
  };
  const createWrite = (parts: { incidents?: typeof incidents; changeFeed?: ChangeFeed }) =>
    refuseLateIncidents(createIncidentWriter({ incidents, changeFeed, now, ...parts }), {
      incidents,
      changeFeed,
      findTombstone: () => Promise.resolve(tombstone),
    });
  const left = async () => [
    ...(await incidents.list({ tenantId: TENANT, limit: 9 })).incidents,
    ...(await changeFeed.read(0, 9)).changes,
  ];
  return { incidents, changeFeed, offboard, createWrite, left };
}

test.each(
  MOMENTS.flatMap((moment) => [
    { moment, store: 'incidents', step: 'save' } as const,
    { moment, store: 'incidents', step: 'markPublished' } as const,
    { moment, store: 'changeFeed', step: 'append' } as const,
  ]),
)('no incident is left of an offboarding $moment $step', async ({ moment, store, step }) => {
  const environment = setUp();
  const parts = { incidents: environment.incidents, changeFeed: environment.changeFeed };
  const broken = interleave<object>(parts[store], step as never, [moment, environment.offboard]);
  const write = environment.createWrite({ [store]: broken });
  await expect(write(TENANT, READ)).rejects.toThrow('offboarded');
  expect(await environment.left()).toEqual([]);
});

test('no incident is left of a write that failed half-way after an offboarding', async () => {
  const environment = setUp();
  await environment.offboard();
  const append = () => Promise.reject(new Error('storage is down'));
  const write = environment.createWrite({ changeFeed: { ...environment.changeFeed, append } });
  await expect(write(TENANT, READ)).rejects.toThrow('offboarded');
  expect(await environment.left()).toEqual([]);
});
