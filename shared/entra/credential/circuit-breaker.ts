import { type Failure, IssueError } from '../../tokens/failure.ts';

/**
 * Entra locks out clients that repeat what it refused, so a refusal of the client is not repeated
 * sooner.
 */
const REFUSAL_PAUSE_MS = 30_000;

/** A vault or identity endpoint that did not answer is not asked by every request. */
const OUTAGE_PAUSE_MS = 5000;

/** Stops the requests of one credential while they could only fail. */
export interface CircuitBreaker {
  /** Throws the IssueError that requests get while the circuit is open. */
  assertClosed(): void;
  /** Entra refuses the client: opens the circuit for 30 s. */
  open(failure: Failure): void;
  /** The credential can't be had: opens the circuit for 5 s; answers the IssueError to throw. */
  openForOutage(cause: unknown): IssueError;
}

/** Creates the circuit breaker of one credential. */
export function createCircuitBreaker(now: () => number): CircuitBreaker {
  let opened: { readonly failure: Failure; readonly until: number } | undefined;
  return {
    assertClosed() {
      if (!opened || now() >= opened.until) return;
      throw new IssueError({ ...opened.failure, retryAfterMs: opened.until - now() });
    },
    open(failure) {
      opened = { failure, until: now() + REFUSAL_PAUSE_MS };
    },
    openForOutage(cause) {
      const failure: Failure = { cause: 'credential_unavailable' };
      opened = { failure, until: now() + OUTAGE_PAUSE_MS };
      return new IssueError(failure, cause);
    },
  };
}
