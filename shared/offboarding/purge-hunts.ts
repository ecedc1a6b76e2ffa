import type { HuntRun } from '../hunting/hunt.ts';
import { hasEnded } from '../hunting/hunt.ts';
import type { HuntStore } from '../hunting/hunt-store.ts';
import type { QuotaStore } from '../hunting/quota.ts';
import type { ResultStore } from '../hunting/result-store.ts';
import { endRun } from '../hunting/run/progress.ts';
import type { WriteRun } from '../hunting/run/write-run.ts';
import type { Purge } from './offboarding.ts';

/** What removing a tenant from hunts takes. */
interface PurgeHuntsParts {
  readonly hunts: HuntStore;
  readonly results: Pick<ResultStore, 'removeTenant'>;
  readonly quotas: Pick<QuotaStore, 'find' | 'remove'>;
  readonly writeRun: WriteRun;
  readonly now: () => number;
}

/**
 * Removes a tenant's rows from every hunt and its id from every run; a run under way loses its
 * lease by that, so it stores nothing more. Answers how many runs and blobs there were.
 */
export function createPurgeHunts(parts: PurgeHuntsParts): Purge {
  const { hunts, results, quotas } = parts;
  return async ({ tenantId }) => {
    const runs = await hunts.listRunsAt(tenantId);
    for (const run of runs) {
      await forgetTenant(parts, run);
      await hunts.removeParts(run.huntId, tenantId);
    }
    const blobs = await results.removeTenant(tenantId);
    const quota = await quotas.find(tenantId);
    if (quota) await quotas.remove(tenantId);
    return runs.length + blobs;
  };
}

/** Others may write the same hunt: what is written is derived from what is there then. */
async function forgetTenant({ hunts, writeRun, now }: PurgeHuntsParts, { huntId, index }: HuntRun) {
  const seen = await hunts.findRun(huntId, index);
  if (seen?.value.tenantId === undefined) return;
  const run: HuntRun = {
    ...seen.value,
    tenantId: undefined,
    problem: 'offboarded',
    refusal: undefined,
    lease: undefined,
    writer: undefined,
    isWaiting: false,
  };
  if (hasEnded(run)) {
    await hunts.replaceRun(seen, { ...run, revision: run.revision + 1 });
    return;
  }
  const end = { verdict: 'cancelled', refusal: undefined, now: now() } as const;
  const waited = seen.value.isWaiting ? 1 : 0;
  await writeRun(seen, (progress) => ({
    run: { ...run, endedAt: now() },
    step: {
      progress: endRun({ ...progress, waiting: progress.waiting - waited }, end),
      admitted: [],
    },
  }));
}
