import type { Tenant } from '../../tenants/tenant.ts';
import { toDeniedError } from '../../tenants/tenant-errors.ts';
import type { HuntRun } from '../hunt.ts';
import type { HuntAccess } from '../hunt-access.ts';
import { toHuntNotFoundError } from '../hunt-errors.ts';
import type { HuntStore } from '../hunt-store.ts';
import type { RunHunt } from '../run/run-hunt.ts';
import type { CreateHunt, HuntInput } from './create-hunt.ts';
import type { HuntState } from './hunts.ts';

/** A hunt at one customer, as it stands when its request is answered. */
export interface HuntedNow extends HuntState {
  readonly run: HuntRun;
  readonly tenant: Tenant;
}

/**
 * Hunts at one customer within a request; what takes longer goes on as any hunt. Throws
 * `access_denied`.
 */
export type HuntNow = (
  tenant: string,
  input: Omit<HuntInput, 'tenants' | 'tag'>,
) => Promise<HuntedNow>;

/** An answer has to be there within 100 s; what is under way is stored or given up in the rest. */
const MAX_WORK_MS = 90_000;

/** Creates the function. */
export function createHuntNow({
  createHunt,
  runHunt,
  hunts,
  access,
  startDeadline,
}: {
  createHunt: CreateHunt;
  runHunt: RunHunt;
  hunts: Pick<HuntStore, 'findRun' | 'findProgress'>;
  access: HuntAccess;
  /** A signal that is given after so many milliseconds. */
  startDeadline: (ms: number) => AbortSignal;
}): HuntNow {
  return async (name, input) => {
    await access.ensureCurrent();
    const tenant = await access.findNamed(input.caller, name);
    if (!tenant) throw toDeniedError();
    const target = { tenants: [tenant.tenantId], tag: undefined };
    const { hunt } = await createHunt({ ...input, ...target }, { isWorkedOn: true });
    await runHunt({ huntId: hunt.id, index: 0 }, startDeadline(MAX_WORK_MS));
    const run = await hunts.findRun(hunt.id, 0);
    const progress = await hunts.findProgress(hunt.id);
    if (!run || !progress) throw toHuntNotFoundError();
    return { hunt, progress: progress.value, run: run.value, tenant };
  };
}
