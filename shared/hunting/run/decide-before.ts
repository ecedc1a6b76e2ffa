import { toDelayMs } from '../../retry/delay.ts';
import type { Hunt, HuntProgress, HuntRun } from '../hunt.ts';
import type { ThrottleReason } from '../quota.ts';
import { type Decision, toEnd } from './decide.ts';
import type { Target } from './find-target.ts';
import { MAX_FAILURES, MAX_HUNT_MS, MAX_THROTTLED_MS } from './run-limits.ts';

/** What ends a run before it asks; `undefined`: nothing does. */
export function decideBefore(
  run: HuntRun,
  { hunt, progress, now }: { hunt: Hunt; progress: HuntProgress; now: number },
): Decision | undefined {
  if (now - hunt.createdAt >= MAX_HUNT_MS) return toEnd(run, 'hunt_too_old');
  if (progress.cancelledAt !== undefined) return toEnd(run, 'cancelled');
  if (progress.refusal) return toEnd(run, 'query_refused', { refusal: progress.refusal });
  return progress.rows >= hunt.maxTotalRows ? toEnd(run, 'max_total_rows') : undefined;
}

/** Without a token nobody is asked. */
export function decideWithoutToken(
  run: HuntRun,
  target: Exclude<Target, { readonly accessToken: string }>,
): Decision {
  if ('problem' in target) return toEnd(run, target.problem);
  const failures = run.failures + 1;
  if (failures >= MAX_FAILURES) return toEnd(run, 'no_token');
  const delayMs = Math.max(target.retryAfterMs ?? 0, toDelayMs('hunt.failed', failures));
  return { kind: 'wait', run: { ...run, failures }, delayMs };
}

/** Only this tenant waits, and not for ever. */
export function decideWhenThrottled(
  run: HuntRun,
  { until, reason }: { readonly until: number; readonly reason: ThrottleReason },
  now: number,
): Decision {
  const throttledSince = run.throttledSince ?? now;
  if (until - throttledSince > MAX_THROTTLED_MS) {
    return toEnd(run, reason === 'cpu' ? 'cpu_exhausted' : 'throttled');
  }
  return { kind: 'wait', run: { ...run, throttledSince }, delayMs: Math.max(0, until - now) };
}
