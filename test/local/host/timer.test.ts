import { describe, expect, it, vi } from 'vitest';
import { setUp } from './set-up.ts';

describe('a timer', () => {
  it('fires by its schedule', async () => {
    const { seen } = await setUp({ timers: true });

    await vi.waitFor(() => expect(seen.ticks.length).toBeGreaterThan(0), { timeout: 2500 });

    expect(seen.ticks[0]).toEqual({
      schedule: { adjustForDST: true },
      scheduleStatus: {
        last: '0001-01-01T00:00:00.000Z',
        next: expect.stringMatching(/Z$/),
        lastUpdated: '0001-01-01T00:00:00.000Z',
      },
      isPastDue: false,
    });
  });

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
    await vi.waitFor(() => expect(seen.ticks).toHaveLength(1));
    gate.resolve();

    await Promise.all(runs);
    expect(seen.ticks).toHaveLength(2);
  });
});
