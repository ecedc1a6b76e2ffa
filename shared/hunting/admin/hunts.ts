import { isIntegrityError } from '../../authority/integrity.ts';
import type { Caller } from '../../callers/caller.ts';
import { mapAll } from '../../concurrency.ts';
import type { Seal } from '../../crypto/seal.ts';
import { toBusyError } from '../../errors.ts';
import type { Tenant } from '../../tenants/tenant.ts';
import type { Hunt, HuntProgress, HuntRun } from '../hunt.ts';
import type { HuntAccess } from '../hunt-access.ts';
import { toHuntNotFoundError } from '../hunt-errors.ts';
import type { HuntStore } from '../hunt-store.ts';
import type { SealedQueries } from '../query/sealed-query.ts';
import type { RemoveHunt } from './remove-hunt.ts';
import type { WakeRuns } from './wake-runs.ts';

/** A hunt and how far it is. */
export interface HuntState {
  readonly hunt: Hunt;
  readonly progress: HuntProgress;
}

/** A customer of a hunt, as its caller may see it. */
export interface HuntedTenant {
  readonly run: HuntRun;
  /** `undefined`: not granted (any more), or offboarded. */
  readonly tenant: Tenant | undefined;
  /**
   * What the caller named, where it is nobody that it may hunt at; `undefined` else, and when its
   * key is lost.
   */
  readonly name: string | undefined;
}

/**
 * What callers do with their hunts; another one's is `hunt_not_found`, like one that is not there.
 */
export interface Hunts {
  get(caller: Caller, huntId: string): Promise<HuntState>;
  /** The query as it is asked; `undefined`: it is gone. */
  findQuery(hunt: Hunt): Promise<string | undefined>;
  /**
   * The same with its customers in order, from a place on. Its counts are never behind the verdicts
   * that are shown, and of a hunt that has finished every customer has one.
   */
  getTenants(
    caller: Caller,
    huntId: string,
    query: { from: number; limit: number },
  ): Promise<HuntState & { readonly tenants: readonly HuntedTenant[] }>;
  /** The newest first. */
  list(
    caller: Caller,
    query: { after?: string | undefined; limit: number },
  ): Promise<{ hunts: readonly HuntState[]; next: string | undefined }>;
  /**
   * No further customer is asked; what is stored stays. A hunt that has finished stays as it is.
   */
  cancel(caller: Caller, huntId: string): Promise<HuntState>;
  /** Removes it with its results; who manages the policy may remove all. */
  remove(caller: Caller, huntId: string): Promise<void>;
}

/** Lookups at once. */
const CONCURRENCY = 10;

/** Runs that end at the same moment change the same row. */
const CANCEL_ATTEMPTS = 40;

interface Parts {
  readonly hunts: HuntStore;
  readonly sealedQueries: Pick<SealedQueries, 'find'>;
  readonly access: HuntAccess;
  readonly seal: Pick<Seal, 'open'>;
  readonly removeHunt: RemoveHunt;
  readonly wakeRuns: WakeRuns;
  readonly now: () => number;
}

/** Creates what callers do with hunts. */
export function createHunts(parts: Parts): Hunts {
  const { hunts, sealedQueries, removeHunt } = parts;
  const get = (caller: Caller, huntId: string) => getOwn(parts, caller, huntId);
  return {
    get,
    findQuery: async (hunt) => (await sealedQueries.find(hunt))?.text,
    async getTenants(caller, huntId, query) {
      const first = await get(caller, huntId);
      const list = () => listTenants(parts, caller, { ...query, hunt: first.hunt });
      const tenants = await list();
      if (isFinished(first)) return { ...first, tenants };
      const state = await get(caller, huntId);
      return { ...state, tenants: isFinished(state) ? await list() : tenants };
    },
    async list(caller, query) {
      const page = await hunts.listOf(caller.id, query);
      const states = await mapAll(page.hunts, CONCURRENCY, async (hunt) => {
        const progress = (await hunts.findProgress(hunt.id).catch(toUnreadable))?.value;
        return progress && { hunt, progress };
      });
      return { hunts: states.filter((state) => state !== undefined), next: page.next };
    },
    async cancel(caller, huntId) {
      const { hunt } = await get(caller, huntId);
      return { hunt, progress: await cancel(parts, huntId) };
    },
    async remove(caller, huntId) {
      const hunt = await hunts.find(huntId);
      const mayRemove = hunt?.callerId === caller.id || caller.roles.includes('Policy.Manage');
      if (!hunt || !mayRemove) throw toHuntNotFoundError();
      await removeHunt(hunt);
    },
  };
}

/** Of a list only the hunt that can't be read is left out. */
function toUnreadable(error: unknown): undefined {
  if (!isIntegrityError(error)) throw error;
}

async function getOwn({ hunts }: Parts, caller: Caller, huntId: string): Promise<HuntState> {
  const [hunt, progress] = await Promise.all([hunts.find(huntId), hunts.findProgress(huntId)]);
  if (!hunt || !progress || hunt.callerId !== caller.id) throw toHuntNotFoundError();
  return { hunt, progress: progress.value };
}

function isFinished({ progress }: HuntState): boolean {
  return progress.finishedAt !== undefined;
}

async function listTenants(
  { hunts, access, seal }: Parts,
  caller: Caller,
  { hunt, from, limit }: { hunt: Hunt; from: number; limit: number },
): Promise<readonly HuntedTenant[]> {
  await access.ensureCurrent();
  const runs = await hunts.listRuns(hunt.id, from, limit);
  return await mapAll(runs, CONCURRENCY, async (run) => {
    const { tenantId, sealedName } = run;
    const tenant = tenantId === undefined ? undefined : await access.findHuntable(caller, tenantId);
    if (sealedName === undefined) return { run, tenant, name: undefined };
    const opened = await seal.open('hunt name', sealedName, { hunt: hunt.id });
    return { run, tenant, name: 'value' in opened ? String(opened.value) : undefined };
  });
}

/** Runs end by themselves when they see it. */
async function cancel(parts: Parts, huntId: string): Promise<HuntProgress> {
  const { hunts, now } = parts;
  for (let attempt = 0; attempt < CANCEL_ATTEMPTS; attempt++) {
    const seen = await hunts.findProgress(huntId);
    if (!seen) throw toHuntNotFoundError();
    const { value } = seen;
    if (value.finishedAt !== undefined || value.cancelledAt !== undefined) return value;
    const written = await hunts.replaceProgress(huntId, seen, { ...value, cancelledAt: now() });
    if (!written) continue;
    await parts.wakeRuns(huntId);
    return written.value;
  }
  throw toBusyError('The hunt is being changed by others.');
}
