import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createChangeFeedTable } from '../../../../shared/azure/incidents/change-feed-table.ts';
import { createIncidentTable } from '../../../../shared/azure/incidents/incident-table.ts';
import { createSyncStateTable } from '../../../../shared/azure/incidents/sync-state-table.ts';
import { INCIDENT_SOURCES } from '../../../../shared/incidents/incident.ts';
import { CONTOSO } from '../../../local/defender/set-up.ts';
import { createRecordedLog } from '../../../support/log.ts';
import { openNewContainer, openNewTable } from '../../../support/storage.ts';
import { UNHARMED } from '../../incidents/sync/killable.ts';
import { acts, expectOrder, expectTruth, play } from '../../incidents/sync/sync-history.ts';
import { createSyncWorld } from '../../incidents/sync/sync-world.ts';

function createStores() {
  const log = createRecordedLog();
  const incidents = { open: openNewTable('incidents'), blobs: openNewContainer('incidents') };
  return {
    incidents: createIncidentTable(incidents, log),
    feed: createChangeFeedTable(openNewTable('incidentchanges'), log),
    states: createSyncStateTable(openNewTable('incidentsync'), log),
  };
}

test.each(INCIDENT_SOURCES)(
  'the sync is killed anywhere: in real storage too, any history of %s ends in the truth',
  async (source) => {
    await fc.assert(
      fc.asyncProperty(fc.array(acts, { minLength: 4, maxLength: 10 }), async (history) => {
        const played = await play(createStores(), history, { source, settings: {} });
        await expectTruth(played);
        expectOrder(played);
      }),
      { numRuns: Number(process.env.STORAGE_MODEL_RUNS ?? 2) },
    );
  },
  30_000,
);

test('two processes that get the same message read the tenant once', async () => {
  const world = await createSyncWorld(createStores(), {});
  world.upstream.createBurst(CONTOSO, { count: 5, from: world.clock.now, to: world.clock.now });
  const both = [world.syncWith(CONTOSO, UNHARMED), world.syncWith(CONTOSO, UNHARMED)];
  await Promise.all(both);
  expect(world.defender.requests).toHaveLength(1);
});
