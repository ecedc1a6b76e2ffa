import type { Stored } from '../store.ts';
import type { Hunt, HuntProgress, HuntRun, ResultPart } from './hunt.ts';

/**
 * What one transaction changes: the run and the progress under their versions, and a part if rows
 * were stored.
 */
export interface HuntWrite {
  readonly run: { readonly seen: Stored<HuntRun>; readonly next: HuntRun };
  readonly progress: { readonly seen: Stored<HuntProgress>; readonly next: HuntProgress };
  readonly part?: ResultPart | undefined;
}

/** A page of hunts, the newest first. */
interface HuntPage {
  readonly hunts: readonly Hunt[];
  /** Pass as `after` for the next page; `undefined` on the last. */
  readonly next: string | undefined;
}

/** A hunt that has not finished. */
export interface ActiveHunt {
  readonly huntId: string;
  /** `undefined`: a version before did not say. */
  readonly callerId: string | undefined;
}

/** The hunts, each with its runs, its progress and the parts of its results in one place. */
export interface HuntStore {
  /** Writes everything; the hunt exists when this resolves. */
  create(hunt: Hunt, progress: HuntProgress, runs: readonly HuntRun[]): Promise<void>;
  /** `undefined`: there is no such hunt, or not any more. */
  find(huntId: string): Promise<Hunt | undefined>;
  findProgress(huntId: string): Promise<Stored<HuntProgress> | undefined>;
  replaceProgress(
    huntId: string,
    seen: Stored<HuntProgress>,
    next: HuntProgress,
  ): Promise<Stored<HuntProgress> | undefined>;
  /** One that can't be read is answered as `run_damaged`, so that it ends. */
  findRun(huntId: string, index: number): Promise<Stored<HuntRun> | undefined>;
  /** Puts a damaged run in the place of one that is gone, so that it ends. */
  restoreRun(huntId: string, index: number): Promise<void>;
  replaceRun(seen: Stored<HuntRun>, next: HuntRun): Promise<Stored<HuntRun> | undefined>;
  /** All or nothing; `undefined`: a row was changed by somebody else, nothing was written. */
  write(write: HuntWrite): Promise<Stored<HuntRun> | undefined>;
  /** Runs in order, from an index. */
  listRuns(huntId: string, from: number, limit: number): Promise<readonly HuntRun[]>;
  /** Parts in order, after a number. */
  listParts(huntId: string, after: number, limit: number): Promise<readonly ResultPart[]>;
  /** A caller's hunts, the newest first. */
  listOf(callerId: string, query: { after?: string | undefined; limit: number }): Promise<HuntPage>;
  /** The hunts that have not finished. */
  listActive(): Promise<readonly ActiveHunt[]>;
  /** The hunt has finished, or is gone: it takes no part in the sharing out any more. */
  removeActive(huntId: string): Promise<void>;
  /** Removes the hunt with everything that is stored about it but its blobs. */
  remove(hunt: Pick<Hunt, 'id' | 'callerId' | 'createdAt'>): Promise<void>;
  /** Hunts that began before a time, some at once. */
  listBefore(time: number, limit: number): Promise<readonly Hunt[]>;
  /** Every run at a tenant, whatever became of it. */
  listRunsAt(tenantId: string): Promise<readonly HuntRun[]>;
  /** Removes the parts of a tenant from a hunt; answers how many. */
  removeParts(huntId: string, tenantId: string): Promise<number>;
}
