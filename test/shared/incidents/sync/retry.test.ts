import { expect, test } from 'vitest';
import type {
  IncidentPage,
  PageQuery,
  SourceProblem,
} from '../../../../shared/incidents/incident-source.ts';
import { shift } from '../../../../shared/incidents/instant.ts';
import { HOUR } from '../../../support/clock.ts';
import { fetched, setUpSync } from '../set-up.ts';

const range = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

/** A tenant that is asked whenever it is due, for so long. */
function setUp(count = 60) {
  const set = setUpSync({ pageSize: 20 });
  const { api, at, clock, sync, state } = set;
  api.put(...range(count).map((id) => fetched(id, at((id * 7919) % 997))));
  const pass = async (milliseconds: number) => {
    const end = clock.now() + milliseconds;
    for (let runs = 0; clock.now() < end && runs < 1000; runs++) {
      await sync();
      clock.pass(Math.max(1000, ((await state())?.dueAt ?? 0) - clock.now()));
    }
  };
  return { ...set, pass };
}

test.each(['unavailable', 'malformed'] as const)(
  'what makes its page %s for ever is set aside by itself, and the rest is read',
  async (problem) => {
    const { api, pass, stored, state } = setUp();
    api.spoil(problem, 30);
    await pass(6 * HOUR);
    expect(stored()).toEqual(
      range(60)
        .filter((id) => id !== 30)
        .reverse(),
    );
    expect((await state())?.skipped).toMatchObject([{ reason: 'unreachable' }]);
    expect((await state())?.coverage).toBeDefined();
  },
);

test('more too large incidents on end than there can be do not hold up the others', async () => {
  const { api, pass, stored } = setUp(80);
  api.spoil('too_large', ...range(40).map((id) => id + 20));
  await pass(48 * HOUR);
  expect(stored()).toEqual([...range(20), ...range(20).map((id) => id + 60)].reverse());
});

test('an outage of two days loses nothing, and what comes after it is read in few calls', async () => {
  const { api, pass, stored, state } = setUp();
  let isDown = true;
  api.onPage(() => {
    if (isDown) api.troubles.push('unavailable');
  });
  await pass(48 * HOUR);
  isDown = false;
  const before = api.queries.length;
  await pass(HOUR);
  expect(stored()).toHaveLength(60);
  expect(await state()).toMatchObject({ failure: undefined, skipped: [] });
  expect(api.queries.length - before).toBeLessThan(60);
});

/** One incident can't be read, and as soon as it is known by its instant, nothing can. */
async function setUpOutage(trouble: SourceProblem | ((page: IncidentPage) => IncidentPage)) {
  const set = setUp();
  const { api, pass } = set;
  api.spoil('unavailable', 30);
  let isDown = false;
  api.onPage(({ from, to }) => {
    isDown ||= to !== undefined && to <= shift(from, 1);
    if (isDown) api.troubles.push(trouble);
  });
  await pass(24 * HOUR);
  expect(isDown).toBe(true);
  return { ...set, endOutage: () => api.onPage(() => undefined) };
}

test.each(['unavailable' as const, (page: IncidentPage) => ({ ...page, isPartial: true })])(
  'an instant is not given up while nothing else can be read',
  async (trouble) => {
    const { api, pass, stored, state, endOutage } = await setUpOutage(trouble);
    expect((await state())?.skipped).toEqual([]);
    api.heal();
    endOutage();
    await pass(2 * HOUR);
    expect(stored()).toHaveLength(60);
    expect(await state()).toMatchObject({ failure: undefined, skipped: [] });
  },
);

test('an instant is given up when everything else can be read again', async () => {
  const { pass, stored, state, endOutage } = await setUpOutage('unavailable');
  endOutage();
  await pass(6 * HOUR);
  expect(stored()).toHaveLength(59);
  expect((await state())?.skipped).toMatchObject([{ reason: 'unreachable' }]);
});

test('what was given up is not asked for again when a later page fails', async () => {
  const { api, pass, state } = setUp();
  api.spoil('unavailable', 30);
  const later: PageQuery[] = [];
  api.onPage(async (query) => {
    const isGivenUp = ((await state())?.skipped.length ?? 0) > 0;
    if (isGivenUp && later.length === 0) api.troubles.push('unavailable');
    if (isGivenUp) later.push(query);
  });
  await pass(3 * HOUR);
  const [first, second] = later;
  expect(second).toEqual(first);
});

test('the runs that failed are counted on when a page is cut', async () => {
  const { api, pass, state, clock } = setUp();
  const since = clock.now();
  api.onPage(() => {
    api.troubles.push('unavailable');
  });
  await pass(HOUR);
  const failure = (await state())?.failure;
  expect(failure).toMatchObject({ problem: 'unavailable', since });
  expect(failure?.count).toBe(api.queries.length);
});

test('throttling is waited for, however often', async () => {
  const { api, pass, stored } = setUp();
  api.troubles.push(...range(7).map(() => 'throttled' as const));
  await pass(6 * HOUR);
  expect(stored()).toHaveLength(60);
  expect(api.queries.every(({ to }) => to === undefined)).toBe(true);
});

test('pages that fail in turn are not cut', async () => {
  const { api, pass, stored } = setUp();
  const tries = new Map<number, number>();
  api.onPage(({ skip }) => {
    tries.set(skip, (tries.get(skip) ?? 0) + 1);
    if ((tries.get(skip) ?? 0) < 3 && stored().length < 60) api.troubles.push('unavailable');
  });
  await pass(HOUR);
  expect(stored()).toHaveLength(60);
  expect(api.queries.every(({ to }) => to === undefined)).toBe(true);
});
