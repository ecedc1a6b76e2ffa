import { expect, test } from 'vitest';
import { toTenantId } from '../../bench/support/incident-environment.ts';
import { simulateRefresh } from '../../bench/support/refresh-simulation.ts';
import type { FleetRuns } from '../../bench/support/simulated-fleet.ts';
import { simulateSync } from '../../bench/support/sync-simulation.ts';
import { SECOND } from '../support/clock.ts';

const FLEET = Array.from({ length: 600 }, (_, index) => toTenantId(index));

/** How much longer the healthy two thirds take than all of them take when nothing is wrong. */
function toDelays({ calm, begins, known }: FleetRuns) {
  return [begins.healthy / calm.healthy, known.healthy / calm.healthy];
}

const BEARABLE = [expect.toSatisfy(isBearable), expect.toSatisfy(isBearable)];

function isBearable(delay: number): boolean {
  return delay <= 1.2;
}

test.each([2, 10])('a third whose tokens fail after %i s slows no refresh', async (seconds) => {
  const times = { storageMs: 10, callMs: 150, failsAfterMs: seconds * SECOND };
  expect(toDelays(await simulateRefresh(FLEET, times))).toEqual(BEARABLE);
});

test.each([2, 30])('a third whose incidents fail after %i s slows no sync', async (seconds) => {
  const times = { storageMs: 10, callMs: 300, failsAfterMs: seconds * SECOND };
  expect(toDelays(await simulateSync(FLEET, times))).toEqual(BEARABLE);
});
