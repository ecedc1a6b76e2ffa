import { expect, test } from 'vitest';
import { SourceError } from '../../../../shared/incidents/incident-source.ts';
import { MINUTE, SECOND } from '../../../support/clock.ts';
import { fetched, setUpSync } from '../set-up.ts';

const range = (count: number) => Array.from({ length: count }, (_, index) => index + 1);
const LONG_AGO = 60 * 24 * 40;

/** A page of incidents, each merged into another one that no list has. */
function setUpMerged(count: number) {
  const set = setUpSync({ pageSize: 100 });
  const { api, at } = set;
  api.put(...range(count).map((id) => fetched(id, at(5), { redirectIncidentId: `${1000 + id}` })));
  const asked: string[] = [];
  api.onGet(({ incidentId }) => {
    asked.push(incidentId);
    return undefined;
  });
  const target = (id: number) => fetched(1000 + id, at(LONG_AGO));
  return { ...set, asked, putTargets: () => api.putAway(...range(count).map(target)) };
}

test('a page that leads to many others is read again after twenty of them', async () => {
  const { api, drain, stored, asked, putTargets } = setUpMerged(70);
  putTargets();
  await drain();
  expect(api.queries.map(({ skip }) => skip)).toEqual([0, 0, 0, 0]);
  expect(asked).toHaveLength(70);
  expect(new Set(asked).size).toBe(70);
  expect(stored()).toHaveLength(140);
});

test('what a page leads to and can not be had is asked for once', async () => {
  const { api, sync, asked, state } = setUpMerged(45);
  await sync();
  expect(api.queries).toHaveLength(3);
  expect(asked).toHaveLength(45);
  expect(await state()).toMatchObject({ failure: undefined, walk: undefined });
});

test('an API that answers slowly does not outlast the lease', async () => {
  const { api, sync, clock, stored, putTargets, state } = setUpMerged(8);
  putTargets();
  const read: number[] = [];
  api.onPage(() => {
    read.push(clock.now());
  });
  api.onGet(() => {
    clock.pass(25 * SECOND);
    return undefined;
  });
  await sync();
  read.push(clock.now());
  const pauses = read.slice(1).map((at, index) => at - (read[index] ?? 0));
  expect(Math.max(...pauses)).toBeLessThan(MINUTE);
  expect(stored()).toHaveLength(16);
  expect(await state()).toMatchObject({ walk: undefined });
});

test('a chain of merges that was broken off is followed from its beginning', async () => {
  const { api, sync, stored, clock, at } = setUpSync();
  api.put(fetched(1, at(5), { redirectIncidentId: '2' }));
  api.putAway(fetched(2, at(LONG_AGO), { redirectIncidentId: '3' }), fetched(3, at(LONG_AGO)));
  const failures: Record<string, SourceError> = { 3: new SourceError('unavailable') };
  api.onGet(({ incidentId }) => {
    const failure = failures[incidentId];
    delete failures[incidentId];
    return failure;
  });
  await sync();
  expect(stored()).toEqual([1]);
  clock.pass(MINUTE);
  await sync();
  expect(stored()).toEqual([3, 2, 1]);
});

test('two chains that meet are asked for once, and what others lead to is stored first', async () => {
  const { api, sync, at, changes } = setUpSync();
  api.put(fetched(1, at(5), { redirectIncidentId: '8' }));
  api.put(fetched(2, at(5), { redirectIncidentId: '9' }));
  api.putAway(fetched(8, at(LONG_AGO), { redirectIncidentId: '9' }), fetched(9, at(LONG_AGO)));
  const asked: string[] = [];
  api.onGet(({ incidentId }) => {
    asked.push(incidentId);
    return undefined;
  });
  await sync();
  expect(asked).toEqual(['8', '9']);
  expect(changes.map(({ incident }) => incident.incidentId)).toEqual(['1', '2', '9', '8']);
});
