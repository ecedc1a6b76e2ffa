import { findGuid } from '../../guid.ts';
import type { HuntRun } from '../../hunting/hunt.ts';
import type { ReadRow } from '../tables/row.ts';
import { toRunIndex } from './run-row.ts';

/** A run of which nothing is known but its place. */
export function createDamagedRun(huntId: string, index: number): HuntRun {
  return {
    huntId,
    index,
    tenantId: undefined,
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
    problem: 'run_damaged',
    refusal: undefined,
    lease: undefined,
    writer: undefined,
    revision: 0,
  };
}

/**
 * What can be told of a run whose row can't be read: of whom it is, whether it has begun and ended,
 * and whether it counts as one that waits.
 */
export function toDamagedRun({ partitionKey = '', rowKey = '', ...row }: ReadRow): HuntRun {
  return {
    ...createDamagedRun(partitionKey, toRunIndex(rowKey)),
    tenantId: typeof row.tenantId === 'string' ? findGuid(row.tenantId) : undefined,
    startedAt: findTime(row.startedAt),
    endedAt: findTime(row.endedAt),
    isWaiting: row.isWaiting === true,
    revision: Number.isSafeInteger(row.revision) ? Number(row.revision) : 0,
  };
}

function findTime(value: unknown): number | undefined {
  return value instanceof Date ? value.getTime() : undefined;
}
