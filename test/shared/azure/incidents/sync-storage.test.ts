import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createChangeFeedTable } from '../../../../shared/azure/feed/change-feed-table.ts';
import { createIncidentTable } from '../../../../shared/azure/incidents/incident-table.ts';
import { createOrderTable } from '../../../../shared/azure/incidents/order-table.ts';
import { createSyncStateTable } from '../../../../shared/azure/sync/sync-state-table.ts';
import type { OrderedVersion } from '../../../../shared/incidents/incident-order.ts';
import { createOrderedIncidents } from '../../../../shared/incidents/ordered-incidents.ts';
import { INCIDENT_SOURCES } from '../../../../shared/resources/incident-sources.ts';
import { CONTOSO, FABRIKAM } from '../../../local/defender/set-up.ts';
import { createRecordedLog } from '../../../support/log.ts';
import { runs } from '../../../support/runs.ts';
import { openNewContainer, openNewTable } from '../../../support/storage.ts';
import { UNHARMED } from '../../incidents/sync/killable.ts';
import { createSyncEnvironment } from '../../incidents/sync/sync-environment.ts';
import { acts, expectOrder, expectTruth, play } from '../../incidents/sync/sync-history.ts';

function createStores() {
  const log = createRecordedLog();
  const incidents = { open: openNewTable('incidents'), blobs: openNewContainer('incidents') };
  const order = createOrderTable(openNewTable('incidentorder'), log);
  return {
    order,
    incidents: createOrderedIncidents(createIncidentTable(incidents, log), order),
    feed: createChangeFeedTable(openNewTable('incidentchanges'), log),
    states: createSyncStateTable(openNewTable('incidentsync'), log),
  };
}

test.each(INCIDENT_SOURCES)(
  'the sync is killed anywhere: in real storage too, any history of %s ends in the truth',
  async (source) => {
    await fc.assert(
      fc.asyncProperty(fc.array(acts, { minLength: 4, maxLength: 10 }), async (history) => {
        const stores = createStores();
        const played = await play(stores, history, { source, settings: {} });
        await expectTruth(played);
        expectOrder(played);
        await expectOrdered(stores);
      }),
      { numRuns: runs(1) },
    );
  },
  30_000,
);

/** Each stored incident stands in the order once, by its last update. */
async function expectOrdered({ order, incidents }: ReturnType<typeof createStores>) {
  const { entries } = await order.list({ limit: 1000 });
  const listed = await incidents.findListed(entries);
  const valid = entries.filter(({ lastUpdateAt }, index) => {
    const incident = listed[index];
    return incident !== 'unreadable' && incident?.lastUpdateAt === lastUpdateAt;
  });
  const stored = await Promise.all(
    [CONTOSO, FABRIKAM].map((tenantId) => incidents.list({ tenantId, limit: 500 })),
  );
  const versions = stored.flatMap((page) => page.incidents.map(toName)).toSorted();
  expect(valid.map(toName).toSorted()).toEqual(versions);
  const times = valid.map(({ lastUpdateAt }) => lastUpdateAt);
  expect(times).toEqual(times.toSorted().toReversed());
}

function toName({ tenantId, incidentId, lastUpdateAt }: OrderedVersion): string {
  return `${tenantId} ${incidentId} ${lastUpdateAt}`;
}

test('two processes that get the same message read the tenant once', async () => {
  const environment = await createSyncEnvironment(createStores(), {});
  environment.upstream.createBurst(CONTOSO, {
    count: 5,
    from: environment.clock.now,
    to: environment.clock.now,
  });
  const both = [environment.syncWith(CONTOSO, UNHARMED), environment.syncWith(CONTOSO, UNHARMED)];
  await Promise.all(both);
  expect(environment.defender.requests).toHaveLength(1);
});
