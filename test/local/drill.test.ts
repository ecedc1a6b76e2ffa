import { stripVTControlCharacters } from 'node:util';
import { afterAll, expect, test } from 'vitest';
import { DRILLS } from '../../local/drill/drills.ts';
import { expectSame } from '../../local/drill/expect.ts';
import { formatDrills, formatOutcomes } from '../../local/drill/report.ts';
import { play } from '../../local/drill/run-drills.ts';
import { startStorage } from '../../local/drill/storage.ts';

const FAST = DRILLS.filter(({ fast }) => fast);

// Not the run's Azurite: a drill moves its clock.
const storage = await startStorage({ persist: false });
afterAll(storage.close);

test.each(FAST)('$situation: $promise', async (drill) => {
  expect((await play(drill, storage)).failure).toBeUndefined();
});

test('a promise that does not hold is told in one sentence, and fails in the table', async () => {
  const run = () => Promise.resolve(expectSame('the answer', 500, 200));
  const broken = { name: 'broken', situation: 'it breaks', promise: 'it holds', run };
  const outcome = await play(broken, storage);
  expect(outcome.failure).toBe('Expected the answer to be 200, saw 500.');
  expect(stripVTControlCharacters(formatOutcomes([outcome]))).toMatch(
    /FAIL {2}broken .*\n {8}it breaks: it holds\n$/,
  );
});

test('the lists of drills fit a terminal', () => {
  const outcomes = DRILLS.map((drill) => ({ drill, failure: undefined, ms: 12_345 }));
  const text = stripVTControlCharacters(`${formatOutcomes(outcomes)}${formatDrills(DRILLS)}`);
  expect(text).not.toMatch(/.{81}/);
});

test('drills have names of their own', () => {
  expect(new Set(DRILLS.map(({ name }) => name)).size).toBe(DRILLS.length);
});
