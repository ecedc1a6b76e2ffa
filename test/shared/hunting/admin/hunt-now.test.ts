import { expect, test } from 'vitest';
import { createHuntNow } from '../../../../shared/hunting/admin/hunt-now.ts';
import { hasEnded } from '../../../../shared/hunting/hunt.ts';
import { toTenantId } from '../run/customer-data.ts';
import { createHuntEnvironment, toInput } from '../run/hunt-environment.ts';
import { settle } from '../run/queue.ts';

/** One customer, and deadlines that come when the test says so. */
function setUp() {
  const environment = createHuntEnvironment([{ times: [0.2, 0.8], most: 10, countsFit: true }]);
  const deadlines: { readonly ms: number; readonly end: () => void }[] = [];
  const huntNow = createHuntNow({
    ...environment,
    runHunt: environment.createProcess().runHunt,
    startDeadline(ms) {
      const controller = new AbortController();
      deadlines.push({ ms, end: () => controller.abort() });
      return controller.signal;
    },
  });
  return { environment, deadlines, huntNow };
}

test('who answers in time is answered at once, without a message', async () => {
  const { environment, huntNow } = setUp();
  const { run, progress } = await huntNow(toTenantId(0), toInput('T'));
  expect([hasEnded(run), run.rows, progress.finishedAt !== undefined]).toEqual([true, 2, true]);
  expect(environment.queue).toEqual([]);
});

test('what takes longer than 90 s becomes a hunt that goes on, and loses nothing', async () => {
  const { environment, deadlines, huntNow } = setUp();
  environment.hang(0);
  const answer = huntNow(toTenantId(0), toInput('T'));
  await expect.poll(() => environment.calls.length).toBe(1);
  expect(deadlines.map(({ ms }) => ms)).toEqual([90_000]);
  deadlines[0]?.end();
  const { hunt, run } = await answer;
  expect(hasEnded(run)).toBe(false);
  environment.recover();
  await settle(environment, hunt);
  expect((await environment.hunts.findProgress(hunt.id))?.value).toMatchObject({
    rows: 2,
    verdicts: { complete: 1 },
  });
});
