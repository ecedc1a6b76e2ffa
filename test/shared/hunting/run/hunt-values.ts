import type { Hunt, HuntRun } from '../../../../shared/hunting/hunt.ts';

/** A hunt of somebody. */
export function createHunt(change: Partial<Hunt> = {}): Hunt {
  return {
    id: '99999999-0000-4000-8000-000000000001',
    callerId: '88888888-0000-4000-8000-000000000001',
    clientId: undefined,
    name: undefined,
    savedQuery: undefined,
    boundLines: 0,
    timespan: undefined,
    maxRows: 1_000_000,
    maxTotalRows: 5_000_000,
    createdAt: Date.UTC(2026, 10, 21, 9),
    ...change,
  };
}

/** A run that nobody has begun. */
export function createRun(change: Partial<HuntRun> = {}): HuntRun {
  return {
    huntId: createHunt().id,
    index: 0,
    tenantId: '11111111-0000-4000-8000-000000000001',
    sealedName: undefined,
    plan: { kind: 'whole' },
    rows: 0,
    calls: 0,
    dueAt: 0,
    startedAt: undefined,
    endedAt: undefined,
    isWaiting: false,
    failures: 0,
    throttledSince: undefined,
    problem: undefined,
    refusal: undefined,
    lease: undefined,
    writer: undefined,
    revision: 0,
    ...change,
  };
}
