import { DAY, MINUTE } from '../time.ts';
import type { HuntState } from './admin/hunts.ts';
import { toHuntStatus } from './hunt.ts';

/** A hunt that somebody should know of. */
export interface OpenHunt extends HuntState {
  /** Customers that ended without a complete result: nothing is known of the rest of them. */
  readonly notCovered: number;
  /** It has not finished, and nobody was being asked when it was read. */
  readonly isStalled: boolean;
}

/** A hunt that began a moment ago waits for its first message. */
const STALLED_AFTER_MS = 15 * MINUTE;

/** Who was not covered a day ago is hunted at anew, or not at all. */
const SHOWN_MS = DAY;

/**
 * The hunts that run, and those that ended within a day and left customers out. A hunt that was
 * cancelled left them out on purpose.
 */
export function findOpenHunts(states: readonly HuntState[], now: number): readonly OpenHunt[] {
  return states.flatMap((state) => {
    const { hunt, progress } = state;
    const { total, started, waiting, ended, finishedAt } = progress;
    const notCovered = ended - (progress.verdicts.complete ?? 0);
    const status = toHuntStatus(progress);
    if (status === 'running') {
      const isOld = now - hunt.createdAt > STALLED_AFTER_MS;
      const isStalled = isOld && ended < total && started - waiting - ended <= 0;
      return [{ ...state, notCovered, isStalled }];
    }
    const isRecent = finishedAt !== undefined && now - finishedAt < SHOWN_MS;
    return status === 'incomplete' && isRecent ? [{ ...state, notCovered, isStalled: false }] : [];
  });
}
