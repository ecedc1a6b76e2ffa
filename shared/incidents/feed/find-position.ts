import { MINUTE } from '../../time.ts';
import type { ChangeFeed } from './change-feed.ts';

/**
 * Clocks of writers differ: what was recorded this much earlier may stand after what was recorded
 * later.
 */
const SEARCH_MARGIN_MS = MINUTE;

/**
 * The position from which everything follows that was recorded since a time (epoch milliseconds),
 * and little more: by halving, some twenty reads of one change.
 */
export async function findPosition(
  changeFeed: Pick<ChangeFeed, 'read'>,
  since: number,
  { first, last }: { readonly first: number; readonly last: number },
): Promise<number> {
  let [low, high] = [first, last];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const [change] = (await changeFeed.read(middle, 1)).changes;
    if (!change || change.recordedAt >= since - SEARCH_MARGIN_MS) high = middle;
    else low = change.sequence;
  }
  return low;
}
