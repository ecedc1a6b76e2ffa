/** How much one run of a sweep removes at most: what is left is taken by the next. */
export interface SweepLimits {
  readonly batch: number;
  readonly maxBatches: number;
}

/** Removes batch after batch until one is not full; answers how many things were removed. */
export async function removeInBatches(
  removeBatch: (limit: number) => Promise<number>,
  { batch, maxBatches }: SweepLimits,
): Promise<number> {
  let total = 0;
  for (let run = 0; run < maxBatches; run++) {
    const removed = await removeBatch(batch);
    total += removed;
    if (removed < batch) break;
  }
  return total;
}
