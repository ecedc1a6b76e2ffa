import { describe, expect, it } from 'vitest';
import { setUp } from './set-up.ts';

describe('a timer', () => {
  it('fires by its schedule', async () => {
    const { seen } = await setUp({ timers: true });

    await expect.poll(() => seen.ticks.length).toBeGreaterThan(0);

    expect(seen.ticks[0]).toMatchObject({ schedule: { adjustForDST: true }, isPastDue: false });
  });

  it.each(['0 */5 * * * *', '0 * * * * *', '*/5 * * * *'])(
    'of the schedule %s is told when it ran and when it runs next',
    async (TICK) => {
      const { host, seen } = await setUp({ settings: { TICK } });

      await host.runFunction('tick');

      expect(seen.ticks[0]).toMatchObject({
        scheduleStatus: {
          last: '0001-01-01T00:00:00.000Z',
          next: expect.stringMatching(/Z$/),
          lastUpdated: '0001-01-01T00:00:00.000Z',
        },
      });
    },
  );

  it.each(['*/30 * * * * *', '* * * * * *', '0,30 * * * * *'])(
    'of the schedule %s, more often than once a minute, is told nothing of it',
    async (TICK) => {
      const { host, seen } = await setUp({ settings: { TICK } });

      await host.runFunction('tick');

      expect(seen.ticks[0]).toMatchObject({ scheduleStatus: null });
    },
  );

  it('runs on demand and rejects with the error of its function', async () => {
    const { host, seen } = await setUp();
    seen.onTick = () => Promise.reject(new Error('out of time'));

    await expect(host.runFunction('tick')).rejects.toThrow('out of time');
    await expect(host.runFunction('echo')).rejects.toThrow("no timer named 'echo'");
  });

  it('never overlaps with itself', async () => {
    const { host, seen } = await setUp();
    const gate = Promise.withResolvers<void>();
    seen.onTick = () => gate.promise;

    const runs = [host.runFunction('tick'), host.runFunction('tick')];
    await expect.poll(() => seen.ticks.length).toBe(1);
    gate.resolve();

    await Promise.all(runs);
    expect(seen.ticks).toHaveLength(2);
  });
});
