import { countFitting } from '../tables/row-batch.ts';

/** How items are committed. */
interface GroupCommitOptions<T> {
  readonly commit: (items: readonly T[]) => Promise<void>;
  /** Items of one commit. */
  readonly most: number;
  /** What an item takes in a request. */
  readonly sizeOf: (item: T) => number;
}

/** What one caller appends, and how much of it is committed. */
interface Job<T> {
  readonly items: readonly T[];
  done: number;
  readonly settled: PromiseWithResolvers<void>;
}

/**
 * One commit at a time, in the order of the calls; what arrives meanwhile goes into the next one
 * together. What a call appends is in one commit if it fits into one. A failed commit rejects the
 * calls that took part in it.
 */
export function createGroupCommit<T>(
  options: GroupCommitOptions<T>,
): (items: readonly T[]) => Promise<void> {
  const jobs: Job<T>[] = [];
  let isCommitting = false;

  const commitAll = async () => {
    isCommitting = true;
    while (jobs.length > 0) await commitNext(jobs, options);
    isCommitting = false;
  };

  return async (items) => {
    if (items.length === 0) return;
    const job = { items, done: 0, settled: Promise.withResolvers<void>() };
    jobs.push(job);
    // It never rejects, and outlives no call: each of them waits for its own part.
    if (!isCommitting) void commitAll();
    await job.settled.promise;
  };
}

/** Never rejects: the calls are told. */
async function commitNext<T>(jobs: Job<T>[], options: GroupCommitOptions<T>): Promise<void> {
  const shares = toShares(jobs, options);
  const items = shares.flatMap(({ job, count }) => job.items.slice(job.done, job.done + count));
  try {
    await options.commit(items);
    for (const { job, count } of shares) job.done += count;
  } catch (error) {
    for (const { job } of shares) {
      job.settled.reject(error);
      job.done = job.items.length;
    }
  }
  while (jobs[0] && jobs[0].done === jobs[0].items.length) jobs.shift()?.settled.resolve();
}

/** How much of which calls goes into the next commit; the first call takes as many as it needs. */
function toShares<T>(
  jobs: readonly Job<T>[],
  { most, sizeOf }: GroupCommitOptions<T>,
): readonly { job: Job<T>; count: number }[] {
  const sizes: number[] = [];
  const shares: { job: Job<T>; count: number }[] = [];
  for (const job of jobs) {
    const own = job.items.slice(job.done, job.done + most).map(sizeOf);
    const count = countFitting([...sizes, ...own], most) - sizes.length;
    const isWhole = job.done + count === job.items.length;
    const mayBeCut = job.items.length > most;
    if (count === 0 || (shares.length > 0 && !isWhole && !mayBeCut)) break;
    shares.push({ job, count });
    sizes.push(...own.slice(0, count));
    if (!isWhole) break;
  }
  return shares;
}
