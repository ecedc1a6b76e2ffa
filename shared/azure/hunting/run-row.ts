import * as v from 'valibot';
import type { HuntRun } from '../../hunting/hunt.ts';
import { HUNT_PROBLEM_NAMES } from '../../hunting/verdict.ts';
import { joinParts, packAtOnce, toParts, unpack } from '../tables/packed.ts';
import type { ReadRow, Row } from '../tables/row.ts';
import { jsonOf, planSchema, refusalSchema, timeSchema, toDate } from './hunt-json.ts';

const RUN_PREFIX = 'run~';
const INDEX_DIGITS = 6;

/** Row keys of runs begin so; what sorts after all of them. */
export const RUN_ROWS = { from: RUN_PREFIX, to: 'run~~' } as const;

/** The row key of a run. */
export function toRunKey(index: number): string {
  return `${RUN_PREFIX}${String(index).padStart(INDEX_DIGITS, '0')}`;
}

const runSchema = v.object({
  partitionKey: v.string(),
  rowKey: v.string(),
  tenantId: v.optional(v.string()),
  sealedName: v.optional(v.string()),
  rows: v.number(),
  calls: v.number(),
  dueAt: v.date(),
  startedAt: timeSchema,
  endedAt: timeSchema,
  isWaiting: v.boolean(),
  failures: v.number(),
  throttledSince: timeSchema,
  problem: v.optional(v.picklist(HUNT_PROBLEM_NAMES)),
  refusal: v.optional(jsonOf(refusalSchema)),
  leaseOwner: v.optional(v.string()),
  leaseUntil: timeSchema,
  writer: v.optional(v.string()),
  revision: v.number(),
});

/** A run as a row. */
export function toRunRow(run: HuntRun): Row {
  const { huntId, index, plan, dueAt, startedAt, endedAt, throttledSince, ...rest } = run;
  const { refusal, lease, ...same } = rest;
  return {
    partitionKey: huntId,
    rowKey: toRunKey(index),
    ...same,
    dueAt: new Date(dueAt),
    startedAt: toDate(startedAt),
    endedAt: toDate(endedAt),
    throttledSince: toDate(throttledSince),
    refusal: refusal && JSON.stringify(refusal),
    leaseOwner: lease?.owner,
    leaseUntil: toDate(lease?.until),
    ...toParts('plan', packAtOnce(JSON.stringify(plan))),
  };
}

/** The place of a run among those of its hunt. */
export function toRunIndex(rowKey: string): number {
  return Number(rowKey.slice(RUN_PREFIX.length));
}

/** Reads a run; throws when the row is none. */
export function parseRun(row: ReadRow): HuntRun {
  const fields = v.parse(runSchema, row);
  const { partitionKey, rowKey, leaseOwner: owner, leaseUntil: until, dueAt, ...run } = fields;
  const plan = joinParts('plan', row);
  return {
    ...run,
    huntId: partitionKey,
    index: toRunIndex(rowKey),
    tenantId: run.tenantId,
    sealedName: run.sealedName,
    plan: v.parse(jsonOf(planSchema), plan && unpack(plan)),
    dueAt: dueAt.getTime(),
    startedAt: run.startedAt,
    endedAt: run.endedAt,
    throttledSince: run.throttledSince,
    problem: run.problem,
    writer: run.writer,
    refusal: run.refusal,
    lease: owner === undefined || until === undefined ? undefined : { owner, until },
  };
}
