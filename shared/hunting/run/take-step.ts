import type { Stored } from '../../store.ts';
import type { HuntRun } from '../hunt.ts';
import { blockTenant, type ThrottleReason, takeCall } from '../quota.ts';
import { type Asked, ask } from './ask.ts';
import { type Decision, decideAfter, toEnd } from './decide.ts';
import { decideBefore, decideWhenThrottled, decideWithoutToken } from './decide-before.ts';
import { findTarget } from './find-target.ts';
import type { HuntTask } from './find-task.ts';
import type { RunHuntParts } from './run-parts.ts';
import type { RunWriter } from './run-writer.ts';

/**
 * Makes one call for a run, if it may, and writes what comes of it; `undefined`: nothing is left to
 * do in this message.
 */
export type TakeStep = (
  leased: Stored<HuntRun>,
  signal: AbortSignal | undefined,
) => Promise<Stored<HuntRun> | undefined>;

interface Step {
  readonly parts: RunHuntParts;
  readonly task: HuntTask;
  readonly run: HuntRun & { readonly tenantId: string };
  readonly signal: AbortSignal | undefined;
}

/** What a step comes to, with the rows of its call. */
interface Result {
  readonly decision: Decision;
  readonly asked?: Asked;
}

/** Creates the step. */
export function createTakeStep(parts: RunHuntParts, writer: RunWriter): TakeStep {
  return async (leased, signal) => {
    const { huntId, tenantId } = leased.value;
    const task = await parts.findTask(huntId);
    const progress = await parts.hunts.findProgress(huntId);
    // The hunt was removed, or the tenant was: so is what this run is about.
    if (!task || !progress || tenantId === undefined) return undefined;
    if (!task.isFor(leased.value)) return undefined;
    const step = { parts, task, run: { ...leased.value, tenantId }, signal };
    const before = decideBefore(step.run, {
      hunt: task.hunt,
      progress: progress.value,
      now: parts.now(),
    });
    return await settle(writer, { task, leased }, before ? { decision: before } : await take(step));
  };
}

/** Writes the decision; rows that do not count are removed. */
async function settle(
  writer: RunWriter,
  { task, leased }: { task: HuntTask; leased: Stored<HuntRun> },
  { decision, asked }: Result,
): Promise<Stored<HuntRun> | undefined> {
  const { part, outcome } = asked ?? {};
  if (decision.kind !== 'wait' && decision.keepsRows && part && outcome?.kind === 'rows') {
    const rows = { part, count: outcome.rows, columns: outcome.columns };
    return await writer.store(task.hunt, leased, { decision, rows });
  }
  await part?.discard();
  switch (decision.kind) {
    case 'end':
      return await writer.store(task.hunt, leased, { decision, rows: undefined });
    case 'go_on':
      return await writer.keep(leased, decision.run);
    case 'wait':
      await writer.wait(leased, decision.run, decision.delayMs);
      return undefined;
  }
}

async function take(step: Step): Promise<Result> {
  const { parts, task, run, signal } = step;
  const target = await findTarget(parts, task.hunt, run.tenantId);
  if (!('accessToken' in target)) return { decision: decideWithoutToken(run, target) };
  const pause = await findPause(parts, run.tenantId);
  if (pause) return { decision: decideWhenThrottled(run, pause, parts.now()) };
  const { accessToken, hasRole } = target;
  const asked = await ask(parts, { run, context: task.context, accessToken, signal });
  const called = { ...run, calls: run.calls + 1 };
  const { outcome } = asked;
  if (outcome.kind === 'problem' && outcome.problem.kind === 'throttled') {
    const until = await blockTenant(parts.quotas, run.tenantId, {
      ...outcome.problem,
      now: parts.now(),
    });
    const { reason } = outcome.problem;
    return { decision: decideWhenThrottled(called, { until, reason }, parts.now()) };
  }
  // A role that was taken away is missed before the token says so.
  if (outcome.kind === 'problem' && outcome.problem.kind === 'forbidden' && !hasRole) {
    return { decision: toEnd(called, 'role_missing') };
  }
  return { decision: decideAfter(called, task.context, outcome), asked };
}

/**
 * Why the tenant may not be asked now. Incidents go first: while Graph holds off their sync, hunts
 * wait, too.
 */
async function findPause(
  { quotas, findSyncPause, now }: RunHuntParts,
  tenantId: string,
): Promise<{ until: number; reason: ThrottleReason } | undefined> {
  const syncUntil = (await findSyncPause(tenantId)) ?? 0;
  if (syncUntil > now()) return { until: syncUntil, reason: 'calls' };
  const { waitMs, reason } = await takeCall(quotas, tenantId, now());
  return waitMs > 0 ? { until: now() + waitMs, reason } : undefined;
}
