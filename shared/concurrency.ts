/**
 * Runs `work` on every item, at most `limit` at once; every outcome is answered in the items'
 * order.
 */
export async function settleAll<T, R>(
  items: readonly T[],
  limit: number,
  work: (item: T) => Promise<R>,
): Promise<PromiseSettledResult<R>[]> {
  const outcomes: PromiseSettledResult<R>[] = [];
  const queue = items.entries();
  const run = async () => {
    for (const [index, item] of queue) {
      [outcomes[index]] = (await Promise.allSettled([work(item)])) as [PromiseSettledResult<R>];
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, run));
  return outcomes;
}

/**
 * Runs `work` on every item, at most `limit` at once; rejects with the first failure when all have
 * ended.
 */
export async function mapAll<T, R>(
  items: readonly T[],
  limit: number,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const outcomes = await settleAll(items, limit, work);
  return outcomes.map((outcome) => {
    if (outcome.status === 'rejected') throw outcome.reason;
    return outcome.value;
  });
}

/**
 * Creates turns: of one key, works run one after the other, in the order of the calls; keys don't
 * wait for each other.
 */
export function createTurns(): <R>(key: string, work: () => Promise<R>) => Promise<R> {
  const last = new Map<string, Promise<unknown>>();
  return async (key, work) => {
    const turn = (last.get(key) ?? Promise.resolve()).then(work, work);
    last.set(key, turn);
    try {
      return await turn;
    } finally {
      if (last.get(key) === turn) last.delete(key);
    }
  };
}

/** Creates a gate: `most` works at once, and who comes then is refused at once with the error. */
export function createGate(
  most: number,
  toError: () => Error,
): <R>(work: () => Promise<R>) => Promise<R> {
  let under = 0;
  return async (work) => {
    if (under >= most) throw toError();
    under++;
    try {
      return await work();
    } finally {
      under--;
    }
  };
}
