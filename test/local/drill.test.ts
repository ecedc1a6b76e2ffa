import { afterAll, expect, test } from 'vitest';
import { DRILLS } from '../../local/drill/drills.ts';
import { expectSame } from '../../local/drill/expect.ts';
import { formatOutcomes } from '../../local/drill/report.ts';
import { play } from '../../local/drill/run-drills.ts';
import { startStorage } from '../../local/drill/storage.ts';

const FAST = DRILLS.filter(({ fast }) => fast);

// Not the run's Azurite: a drill moves its clock.
const storage = await startStorage({ persist: false });
afterAll(storage.close);

test.each(FAST)('$situation: $promise', { timeout: 60_000 }, async (drill) => {
  expect((await play(drill, storage)).failure).toBeUndefined();
});

test('a promise that does not hold is told in one sentence, and fails in the table', async () => {
  const run = () => Promise.resolve(expectSame('the answer', 500, 200));
  const broken = { name: 'broken', situation: 'it breaks', promise: 'it holds', run };
  const outcome = await play(broken, storage);
  expect(outcome.failure).toBe('Expected the answer to be 200, saw 500.');
  expect(formatOutcomes([outcome])).toMatch(/broken +it breaks +it holds +.*FAIL/);
});

test('drills have names of their own', () => {
  expect(new Set(DRILLS.map(({ name }) => name)).size).toBe(DRILLS.length);
});
