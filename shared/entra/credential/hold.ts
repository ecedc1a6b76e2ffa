import { type Failure, IssueError } from '../../tokens/failure.ts';

/** What Entra refuses for reasons of ours is not repeated more often than this: hammering locks apps out. */
const REFUSAL_PAUSE = 30_000;

/** A vault or identity endpoint that did not answer is not asked by every request. */
const OUTAGE_PAUSE = 5000;

/** Keeps requests back while they could only fail. */
export interface Hold {
  /** Throws the IssueError that requests get while they are held. */
  assertFree(): void;
  /** Entra refuses us: holds requests for 30 s. */
  refuse(failure: Failure): void;
  /** The credential can't be had: holds requests for 5 s; answers the IssueError to throw. */
  unavailable(cause: unknown): IssueError;
}

/** Creates the hold of one credential. */
export function createHold(now: () => number): Hold {
  let held: { readonly failure: Failure; readonly until: number } | undefined;
  return {
    assertFree() {
      if (!held || now() >= held.until) return;
      throw new IssueError({ ...held.failure, retryAfterMs: held.until - now() });
    },
    refuse(failure) {
      held = { failure, until: now() + REFUSAL_PAUSE };
    },
    unavailable(cause) {
      const failure: Failure = { cause: 'credential_unavailable' };
      held = { failure, until: now() + OUTAGE_PAUSE };
      return new IssueError(failure, cause);
    },
  };
}
