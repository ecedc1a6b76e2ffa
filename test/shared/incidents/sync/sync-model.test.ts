import fc from 'fast-check';
import { test } from 'vitest';
import { INCIDENT_SOURCES } from '../../../../shared/resources/incident-sources.ts';
import { runs } from '../../../support/runs.ts';
import { createMemoryFeed, createMemoryIncidents, createMemoryStates } from '../memory.ts';
import { acts, expectOrder, expectTruth, play } from './sync-history.ts';

/** Histories for each list; more find more. */
const RUNS = runs(2);

test.each(
  INCIDENT_SOURCES.flatMap((source) => [
    { source, list: 'as it is', settings: {} },
    { source, list: 'oldest update first', settings: { order: 'oldest-update' } },
    { source, list: 'newest update first', settings: { order: 'newest-update', skipCeiling: 110 } },
    { source, list: 'where skipping ends', settings: { skipCeiling: 120 } },
    {
      source,
      list: 'oldest update first, where skipping ends',
      settings: { order: 'oldest-update', skipCeiling: 120 },
    },
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
      { numRuns: RUNS },
    );
  },
);
