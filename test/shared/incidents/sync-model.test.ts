import fc from 'fast-check';
import { test } from 'vitest';
import { INCIDENT_SOURCES } from '../../../shared/incidents/incident.ts';
import { createMemoryFeed, createMemoryIncidents, createMemoryStates } from './memory.ts';
import { acts, expectOrder, expectTruth, play } from './sync-history.ts';

test.each(
  INCIDENT_SOURCES.flatMap((source) => [
    { source, list: 'as it is', settings: {} },
    { source, list: 'in the order of updates', settings: { order: 'by-update' } },
    { source, list: 'whose $skip ends', settings: { order: 'by-update', skipCeiling: 120 } },
    { source, list: 'with links', settings: { nextLink: true } },
  ]),
)(
  'after any history of faults and kills, store and feed are the truth of $source, its list $list',
  async ({ source, settings }) => {
    await fc.assert(
      fc.asyncProperty(fc.array(acts, { maxLength: 25 }), async (history) => {
        const [incidents, { feed }] = [createMemoryIncidents(), createMemoryFeed()];
        const stores = { incidents: incidents.store, feed, states: createMemoryStates() };
        const played = await play(stores, history, { source, settings });
        await expectTruth(played);
        expectOrder(played);
      }),
      { numRuns: Number(process.env.MODEL_RUNS ?? 6) },
    );
  },
  60_000,
);
